import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inShortTransactions } from "../../migrations/in-short-transaction.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

/**
 * Two readers hold all tables for so long, and take turns in letting go: whoever needs a table
 * alone has to wait for half of this time at least.
 */
const PERIOD_MS = 600;
const READERS = 2;
const tables = ["one", "two", "three", "four", "five", "six"];

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase("empty");
  for (const table of tables) await database.knex.raw(`create table ${table} ()`);
});
afterAll(() => database.drop());

/**
 * Reads all tables, in one long transaction after another, while an action runs. Returns the
 * longest time that they had to wait, in milliseconds.
 */
async function underReads(action: () => Promise<void>): Promise<number> {
  let isOver = false;
  const waits: number[] = [];
  const reader = async (number: number) => {
    const knex = database.connect(1);
    const phase = (number * PERIOD_MS) / READERS;
    while (!isOver)
      await knex.transaction(async (trx) => {
        const begin = performance.now();
        await trx.raw("set local lock_timeout = '5s'");
        for (const table of tables) await trx.raw(`select from ${table}`);
        waits.push(performance.now() - begin);
        await sleep(PERIOD_MS - ((performance.now() + phase) % PERIOD_MS));
      });
  };
  const readers = Array.from({ length: READERS }, (_, number) => reader(number));
  await sleep(PERIOD_MS);
  try {
    await action();
  } finally {
    isOver = true;
    await Promise.all(readers);
  }
  return Math.max(...waits);
}

describe("changing tables that others read without a gap", () => {
  it("learns once how long it has to wait, and leaves others as much time", async () => {
    const attempts: { readonly table: string; readonly begin: number; end?: number }[] = [];
    const longest = await underReads(() =>
      inShortTransactions(database.knex, tables, async (trx, table) => {
        const attempt: (typeof attempts)[number] = { table, begin: performance.now() };
        attempts.push(attempt);
        await trx.raw(`alter table ${table} add column changed boolean`);
        attempt.end = performance.now();
      }),
    );
    for (const table of tables)
      expect(await database.knex.schema.hasColumn(table, "changed")).toBe(true);
    // Some eight fail for all tables together; without what was learnt, three or more for each.
    const failed = attempts.filter(({ end }) => end === undefined);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(2 * tables.length);
    expect(longest).toBeLessThan(2000);
    for (const [at, { begin, end }] of attempts.entries()) {
      const next = attempts[at + 1];
      if (end !== undefined && next) expect(next.begin - end).toBeGreaterThan(0.9 * (end - begin));
    }
  });
});
