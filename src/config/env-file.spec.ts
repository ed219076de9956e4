import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findEnvFile } from "./env-file.ts";
import { nearestName } from "./nearest-name.ts";
import { settings } from "./settings.ts";

const names = Object.keys(settings.shape);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(text: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "nettle-env-"));
  folders.push(folder);
  if (text !== undefined) writeFileSync(join(folder, ".env"), text);
  return folder;
}

/** Returns the mistakes of a file, without its path. */
function mistakesIn(text: string): string[] {
  const folder = folderWith(text);
  return findEnvFile([folder], names)!.mistakes.map((one) => one.replace(`${folder}/.env, `, ""));
}

describe("a file of settings", () => {
  it("is the working directory's, or else the one beside package.json", () => {
    const [own, project, empty] = [
      folderWith("PORT=1"),
      folderWith("PORT=2"),
      folderWith(undefined),
    ];
    const both = findEnvFile([own, project], names);
    expect(both).toMatchObject({ values: { PORT: "1" }, unread: join(project, ".env") });
    const second = findEnvFile([empty, project], names);
    expect(second).toMatchObject({ path: join(project, ".env"), values: { PORT: "2" } });
    expect(findEnvFile([project, project], names)).toMatchObject({ unread: undefined });
    expect(findEnvFile([empty], names)).toBeUndefined();
  });

  it.each([
    [
      "DATABASE_URL\nPORT 9005\n",
      [
        "line 1: write NAME=value, such as DATABASE_URL=...",
        "line 2: write NAME=value, such as PORT=...",
      ],
    ],
    ["# all\n\nPORT: 9005", ["line 3: write NAME=value, such as PORT=..."]],
    ["=9005", ["line 1: write NAME=value"]],
    ["STORE_COR=http://a.example", ["line 1: STORE_COR is no setting: is STORE_CORS meant?"]],
    ["databse_url=postgres://x/y", ["line 1: databse_url is no setting: is DATABASE_URL meant?"]],
    ["NETTLE_PORT=1", ["line 1: NETTLE_PORT is no setting: is PORT meant?"]],
    ["JWT_SECRET=abc#def", ["line 1: the value of JWT_SECRET ends at its #: put it in quotes"]],
    ['JWT_SECRET="two\nlines"\nPORT', ["line 3: write NAME=value, such as PORT=..."]],
  ])("is refused where it is not understood: %j", (text, mistakes) => {
    expect(mistakesIn(text)).toEqual(mistakes);
  });

  it.each([
    "PORT=9005 # the usual one\r\nHOST = 127.0.0.1\r\n",
    "export PORT=9005",
    "JWT_SECRET='a#b'\nCOOKIE_SECRET=\"c#d\"\n\n  # a comment with PORT 9005",
    "STRIPE_API_KEY=\nJWT_SECRET=# nothing yet",
    "POSTGRES_PASSWORD=a#b\nPGPORT=5432\nCOMPOSE_PROJECT_NAME=shop\nTZ=Europe/Berlin",
    "ADMIN_CORS=http://localhost:7000\nDATABASE_TYPE=postgres\nSMTP_HOST=x\nSMTP_USER=y",
  ])("is read: %j", (text) => {
    expect(mistakesIn(text)).toEqual([]);
  });

  it("names what other programs may read", () => {
    const file = findEnvFile([folderWith("PORT=1\nPOSTGRES_PASSWORD=x")], names);
    expect(file?.otherNames).toEqual(["POSTGRES_PASSWORD"]);
  });

  it("never repeats a value", () => {
    expect(mistakesIn("hunter2\nJWT_SECRET hunter2\nJWT_SECRET=hunter#2").join()).not.toContain(
      "hunter",
    );
  });
});

it.each(["PORT", "DATABASE_POOL_MAX", "RATE_LIMIT_ATTEMPTS_BY_ACCOUNT"])(
  "the nearest name of %s with a letter too few is its own",
  (name) => {
    expect(nearestName(name.slice(0, -1), names)).toBe(name);
  },
);
