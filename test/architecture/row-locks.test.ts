import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";

const ROW_LOCK = /\bfor (update|no key update|key share|share)\b/;

/** Files beside those named after a lock that lock rows, and why. */
const QUEUES: Readonly<Record<string, string>> = {
  "src/events/delivery-queries.ts": "relays take different due deliveries: SKIP LOCKED",
  "src/events/start-delivery-cleanup.ts": "former relays may hold what is moved: SKIP LOCKED",
  "src/http/idempotency/stored-answers.ts": "clean-up passes over answers in use: SKIP LOCKED",
  "src/domains/payments/attempts/release-leases.ts":
    "processes release different payments: SKIP LOCKED",
  "src/domains/payments/attempts/lease-queries.ts":
    "a renewal passes over a lease that is being ended: SKIP LOCKED",
};

/** Where the tables of payments may be written. */
const WRITERS: Readonly<Record<string, RegExp>> = {
  payment_session: /^src\/domains\/payments\/(payment|followed)-session-queries\.ts$/,
  payment: /^src\/domains\/payments\/payment-queries\.ts$/,
  nettle_checkout: /^src\/domains\/payments\/attempts\//,
  nettle_payment_release: /^src\/domains\/payments\/attempts\//,
  nettle_authorization: /^src\/domains\/payments\/attempts\//,
};

const sources = readdirSync(join(projectRoot(), "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
  .map((name) => ({ file: join("src", name), text: textOf(join("src", name)) }));

function textOf(file: string): string {
  const withComments = readFileSync(join(projectRoot(), file), "utf8");
  return withComments.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const isNamedAfterLock = (file: string) => /^lock-|-lock(-|\.)/.test(basename(file));

describe("row locks", () => {
  const lockers = sources.filter(({ text }) => ROW_LOCK.test(text)).map(({ file }) => file);

  it("are taken by functions in files that are named after a lock", () => {
    expect(lockers.filter((file) => !isNamedAfterLock(file) && !(file in QUEUES))).toEqual([]);
  });

  it("of a table are taken in one room", () => {
    const rooms = new Map<string, Set<string>>();
    for (const { file, text } of sources.filter(({ file }) => isNamedAfterLock(file)))
      for (const [statement] of text.matchAll(/`[^`]*\bfor (?:no key )?update\b[^`]*`/g)) {
        const table = /\bfrom "?(\w+)/.exec(statement)![1]!;
        rooms.set(table, (rooms.get(table) ?? new Set()).add(dirname(file)));
      }
    expect(rooms.size).toBeGreaterThan(8);
    expect([...rooms].filter(([, { size }]) => size > 1)).toEqual([]);
  });

  it("of queues and leases skip what is locked", () => {
    for (const file of Object.keys(QUEUES)) {
      const locks = textOf(file).match(new RegExp(`${ROW_LOCK.source}[^)\`]*`, "g")) ?? [];
      expect(locks.length, file).toBeGreaterThan(0);
      expect(locks.filter((lock) => !lock.endsWith("skip locked"))).toEqual([]);
    }
  });

  it("are found by this test", () => {
    expect(lockers.length).toBeGreaterThan(10);
  });
});

describe("the table", () => {
  it.each(Object.entries(WRITERS))("%s is written in its own room only", (table, allowed) => {
    const written = new RegExp(
      `\\b(insert into|update|delete from)\\s+"?${table}"?(?![\\w.])|` +
        `name: "${table}",\\s+(inserted|key)`,
    );
    const writers = sources.filter(({ text }) => written.test(text)).map(({ file }) => file);
    expect(writers.length).toBeGreaterThan(0);
    expect(writers.filter((file) => !allowed.test(file))).toEqual([]);
  });
});
