import { describe, expect, it } from "vitest";
import { isCurrent, type PasswordChange } from "./credential-rules.ts";

const change: PasswordChange = {
  version: 2,
  changed_at: "2026-03-01T10:00:00.400Z",
  spared_token: "fingerprint",
};
const second = Date.parse("2026-03-01T10:00:00Z") / 1000;
const session = {
  customerId: "cus_1",
  passwordVersion: 2,
  issuedAt: undefined,
  tokenFingerprint: undefined,
};
const token = { ...session, issuedAt: second, tokenFingerprint: "other" };

describe("a credential", () => {
  it.each([
    ["a token before any change", token, undefined, true],
    ["a session of the present password", session, change, true],
    ["a session of an older password", { ...session, passwordVersion: 1 }, change, false],
    ["a session that Medusa started", { ...session, passwordVersion: undefined }, change, false],
    ["a token of the present password, issued in the second of the change", token, change, true],
    [
      "a token of an older password, issued in that second",
      { ...token, passwordVersion: 1 },
      change,
      false,
    ],
    [
      "the token that made the change",
      { ...token, passwordVersion: 1, tokenFingerprint: "fingerprint" },
      change,
      true,
    ],
    [
      "Medusa's token of the second of the change",
      { ...token, passwordVersion: undefined },
      change,
      false,
    ],
    [
      "Medusa's token of the next second",
      { ...token, passwordVersion: undefined, issuedAt: second + 1 },
      change,
      true,
    ],
    [
      "Medusa's token without a time",
      { ...token, passwordVersion: undefined, issuedAt: undefined },
      change,
      false,
    ],
  ])("%s", (_, credential, last, current) => {
    expect(isCurrent(credential, last)).toBe(current);
  });
});
