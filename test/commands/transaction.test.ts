import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { execute, query, sql } from "../../src/database/sql.ts";
import { countRoundTrips } from "../support/count-statements.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

describe("a transaction", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
    await database.knex.raw("create table probe (id int primary key)");
  });
  afterAll(() => database.drop());
  beforeEach(() => database.knex("probe").delete());

  const insert = (id: number) => sql`insert into probe (id) values (${id})`;
  const probes = () => database.knex("probe").orderBy("id").pluck("id");

  it("fails with the error of a statement that was sent ahead", async () => {
    const failed = runInTransaction(database.knex, async (trx) => {
      execute(trx, insert(1));
      execute(trx, insert(1));
      execute(trx, insert(2));
      return "done";
    });
    await expect(failed).rejects.toMatchObject({ code: "23505" });
    expect(await probes()).toEqual([]);
  });

  it("fails with that error, too, where a later statement is waited for", async () => {
    const failed = runInTransaction(database.knex, async (trx) => {
      await query(trx, insert(1));
      execute(trx, insert(1));
      return query(trx, sql`select 1`);
    });
    await expect(failed).rejects.toMatchObject({ code: "23505" });
    expect(await probes()).toEqual([]);
  });

  it("does not succeed when the failure of a statement was ignored", async () => {
    const failed = runInTransaction(database.knex, async (trx) => {
      execute(trx, insert(1));
      await query(trx, sql`select 1 / 0`).catch(() => undefined);
      return "done";
    });
    await expect(failed).rejects.toThrow(/rolled back/);
    expect(await probes()).toEqual([]);
  });

  it("writes nothing when its callback throws, and leaves the connection usable", async () => {
    for (let time = 0; time < 20; time++) {
      const failed = runInTransaction(database.knex, async (trx) => {
        execute(trx, insert(1));
        throw new Error("refused");
      });
      await expect(failed).rejects.toThrow("refused");
    }
    expect(await probes()).toEqual([]);
  });

  it("runs again after a serialization failure of a statement that was sent ahead", async () => {
    let runs = 0;
    await runInTransaction(database.knex, async (trx) => {
      runs++;
      if (runs === 1)
        execute(trx, sql`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`);
      execute(trx, insert(1));
    });
    expect([runs, await probes()]).toEqual([2, [1]]);
  });

  it("waits once for statements that do not wait for each other, BEGIN and COMMIT", async () => {
    const count = await countRoundTrips(() =>
      runInTransaction(database.knex, async (trx) => {
        for (let id = 0; id < 5; id++) execute(trx, insert(id));
      }),
    );
    expect([count, await probes()]).toEqual([1, [0, 1, 2, 3, 4]]);
  });

  it("waits once more for each result", async () => {
    const count = await countRoundTrips(() =>
      runInTransaction(database.knex, async (trx) => {
        await Promise.all([query(trx, sql`select 1`), query(trx, sql`select 2`)]);
        execute(trx, insert(1));
      }),
    );
    expect(count).toBe(2);
  });

  it("serves the query builder, inside of it", async () => {
    const failed = runInTransaction(database.knex, async (trx) => {
      await trx("probe").insert({ id: 1 });
      await trx.raw("insert into probe (id) values (2)");
      expect(await trx.select("id").from("probe")).toHaveLength(2);
      throw new Error("refused");
    });
    await expect(failed).rejects.toThrow("refused");
    expect(await probes()).toEqual([]);
  });
});
