import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = ["JWT_SECRET", "COOKIE_SECRET", "POSTGRES_PASSWORD"];

/** Runs the script on a file. Returns what it printed. */
const makeSecrets = (file: string) =>
  execFileSync(join(projectRoot(), "scripts/make-secrets"), [file], { encoding: "utf8" });

/** Runs it on a file with this text. Returns the text afterwards. */
function completed(text: string): string {
  const file = join(folder, "given");
  writeFileSync(file, text);
  makeSecrets(file);
  const after = readFileSync(file, "utf8");
  makeSecrets(file);
  expect(readFileSync(file, "utf8")).toBe(after);
  return after;
}

describe("scripts/make-secrets", () => {
  it("makes a file that only its owner can read, with three secrets that Nettle accepts", () => {
    const file = join(folder, "new");
    expect(existsSync(file)).toBe(false);
    expect(makeSecrets(file)).toBe(NAMES.map((name) => `${name} is new\n`).join(""));
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    const made = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
    expect(Object.keys(made).toSorted()).toEqual(NAMES.toSorted());
    expect(new Set(Object.values(made)).size).toBe(3);
    for (const secret of Object.values(made)) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(readConfig(made).warnings).toEqual(readConfig({}).warnings);
    expect(makeSecrets(file)).toBe(NAMES.map((name) => `${name} stays as it is\n`).join(""));
  });

  it("keeps every line of a file, and adds only what is missing", () => {
    const mine = "# mine\nSTORE_CORS=https://shop.example\nJWT_SECRET=Medusa's own, kept";
    const after = completed(mine);
    expect(after.startsWith(`${mine}\n`)).toBe(true);
    expect(after.slice(mine.length + 1)).toMatch(
      /^COOKIE_SECRET=[0-9a-f]{64}\nPOSTGRES_PASSWORD=[0-9a-f]{64}\n$/,
    );
  });

  it.each([
    ["is a comment", "# JWT_SECRET=former\n"],
    ["is empty", "JWT_SECRET=\n"],
    ["is empty in quotes", 'JWT_SECRET=""\n'],
    ["is followed by a comment alone", "JWT_SECRET= # later\n"],
    ["belongs to a longer name", "JWT_SECRET_PREVIOUS=a-former-one\nMY_JWT_SECRET=mine\n"],
  ])("adds a secret where the line %s", (_, text) => {
    const { JWT_SECRET } = parseEnv(completed(text));
    expect(JWT_SECRET).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["in double quotes", 'JWT_SECRET="#not a comment"\n', "#not a comment"],
    ["in single quotes", "JWT_SECRET='$mine # all of it'\n", "$mine # all of it"],
    ["exported", "export JWT_SECRET=exported-one\n", "exported-one"],
    ["after spaces", "  JWT_SECRET = spaced-one\n", "spaced-one"],
  ])("keeps a secret %s", (_, text, secret) => {
    expect(parseEnv(completed(text))["JWT_SECRET"]).toBe(secret);
  });
});
