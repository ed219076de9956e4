import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inShortTransactions } from "../../migrations/in-short-transaction.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

/** Two of these overlap all the time, so a lock is free only for one that waits as long. */
const READ_SECONDS = 0.5;
const READERS = 2;
const tables = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

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
  const read = async (trx: Knex.Transaction) => {
    const begin = performance.now();
    await trx.raw("set local lock_timeout = '5s'");
    for (const table of tables) await trx.raw(`select from ${table}`);
    waits.push(performance.now() - begin);
    await trx.raw("select pg_sleep(?)", [READ_SECONDS]);
  };
  const reader = async (number: number) => {
    const knex = database.connect(1);
    await sleep((number * READ_SECONDS * 1000) / READERS);
    while (!isOver) await knex.transaction(read);
  };
  const readers = Array.from({ length: READERS }, (_, number) => reader(number));
  await sleep(READ_SECONDS * 1000);
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
    // Some six in vain for all tables together; without what was learnt, as many for each.
    const inVain = attempts.filter(({ end }) => end === undefined);
    expect(inVain.length).toBeGreaterThan(0);
    expect(inVain.length).toBeLessThan(2 * tables.length);
    expect(longest).toBeLessThan(2000);
    for (const [at, { begin, end }] of attempts.entries()) {
      const next = attempts[at + 1];
      if (end !== undefined && next) expect(next.begin - end).toBeGreaterThan(0.9 * (end - begin));
    }
  });
});
