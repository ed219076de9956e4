import { describe, expect, it } from "vitest";
import { bcryptHash, fitsBcryptHash } from "./bcrypt-hash.ts";
import { type PasswordForm, Passwords } from "./passwords.ts";
import { fitsScryptHash, scryptHash } from "./scrypt-hash.ts";

const COST = 8;
const storing = (form: PasswordForm) => new Passwords(COST, async () => form);
/** The hash of "correct-horse" that Medusa stored. */
const medusaHash =
  "c2NyeXB0AAEAAAABAAAAAXMpgap4CiM7m57DugonfI2XI7BMsXUaLBrRS1L6IYy6" +
  "ObhHfIWJXQyMOVVRSOpyvBzgrB3hdImUKobRDBp5ImVsWs+wmbKE7tZH3C52NTMf";

describe("passwords stored by bcrypt", () => {
  it("match only themselves", async () => {
    const hash = await storing("bcrypt").hash("correct-horse");
    expect(hash).toMatch(/^\$2b\$08\$/);
    expect(await storing("bcrypt").verify("correct-horse", hash)).toEqual({ fits: true });
    expect(await storing("bcrypt").verify("correct-horsf", hash)).toEqual({ fits: false });
  });

  it("depend on every character beyond bcrypt's 72 bytes", async () => {
    for (const long of ["a".repeat(72), "ü".repeat(36)]) {
      const hash = await bcryptHash(`${long}1`, COST);
      expect(await fitsBcryptHash(`${long}1`, hash)).toBe(true);
      expect(await fitsBcryptHash(`${long}2`, hash)).toBe(false);
      expect(await fitsBcryptHash(long, hash)).toBe(false);
    }
    const withNul = await bcryptHash("horse\0one", COST);
    expect(await fitsBcryptHash("horse\0two", withNul)).toBe(false);
  });
});

describe("passwords stored as Medusa reads them", () => {
  it("match only themselves, Medusa's and ours", async () => {
    expect(await fitsScryptHash("correct-horse", medusaHash)).toBe(true);
    expect(await fitsScryptHash("wrong-horse", medusaHash)).toBe(false);
    const hash = await scryptHash("ünïcode 🐴");
    expect(await fitsScryptHash("ünïcode 🐴", hash)).toBe(true);
    expect(await fitsScryptHash("unicode 🐴", hash)).toBe(false);
  });

  it("match nothing when damaged", async () => {
    expect(
      await fitsScryptHash("correct-horse", `${medusaHash.slice(0, 30)}zz${medusaHash.slice(32)}`),
    ).toBe(false);
    expect(await fitsScryptHash("correct-horse", medusaHash.slice(0, 40))).toBe(false);
    expect(await storing("scrypt").verify("correct-horse", "plain")).toEqual({ fits: false });
  });

  it("stay in that form while Medusa may have to read them", async () => {
    const passwords = storing("scrypt");
    expect(await passwords.hash("new")).toMatch(/^c2NyeXB0/);
    expect(await passwords.verify("correct-horse", medusaHash)).toEqual({ fits: true });
  });

  it("are replaced by bcrypt hashes otherwise, if the password is right", async () => {
    const passwords = storing("bcrypt");
    const { fits, upgradedHash } = await passwords.verify("correct-horse", medusaHash);
    expect(fits).toBe(true);
    expect(await passwords.verify("correct-horse", upgradedHash)).toEqual({ fits: true });
    expect(await passwords.verify("wrong-horse", medusaHash)).toEqual({ fits: false });
  });

  it("replace bcrypt hashes, so that Medusa can read them, if the password is right", async () => {
    const passwords = storing("scrypt");
    const hash = await bcryptHash("correct-horse", COST);
    const { fits, upgradedHash } = await passwords.verify("correct-horse", hash);
    expect([fits, await fitsScryptHash("correct-horse", upgradedHash!)]).toEqual([true, true]);
    expect(await passwords.verify("wrong-horse", hash)).toEqual({ fits: false });
  });

  it("are also replaced if their bcrypt cost is lower", async () => {
    const cheap = await bcryptHash("correct-horse", 4);
    expect((await storing("bcrypt").verify("correct-horse", cheap)).upgradedHash).toMatch(
      /^\$2b\$08\$/,
    );
  });
});

it("matches nothing for an account without a password, nor for a non-string", async () => {
  expect(await storing("bcrypt").verify("", null)).toEqual({ fits: false });
  expect(await storing("bcrypt").verify(["correct-horse"], medusaHash)).toEqual({ fits: false });
});
