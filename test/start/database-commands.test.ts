import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { laterMigrations } from "../../migrations/index.ts";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

describe("the commands of a new database", { timeout: 120_000 }, () => {
  let program: NettleProgram;
  let database: TestDatabase;
  beforeAll(async () => {
    program = buildProgram();
    database = await openDatabase("empty");
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
  });

  /** Runs a command and returns its JSON, and its lines of progress. */
  async function run(command: string) {
    const { code, out, error } = await program.run(command, { DATABASE_URL: database.url });
    expect({ code, error }).toEqual({ code: 0, error });
    return { result: JSON.parse(out), lines: error.trim().split("\n") };
  }

  it("print JSON and nothing else on standard output", async () => {
    const early = await program.run("seed --json", { DATABASE_URL: database.url });
    expect([early.code, early.out]).toEqual([1, ""]);
    expect(early.error).toContain("migrate");

    const built = await run("migrate --json");
    const last = laterMigrations.at(-1)!.name;
    expect(built.result).toMatchObject({ result: "built", missing_providers: [] });
    expect(built.result.ran.at(-1)).toBe(last);
    expect(built.lines.at(-1)).toBe(
      `Built the database: ${built.result.ran.length} migrations ran`,
    );
    const again = { result: "current", ran: [], missing_providers: [] };
    expect((await run("migrate --json")).result).toEqual(again);

    const key = await run("seed --json");
    expect(key.result).toEqual({
      ...{ seeded: true, shop: expect.any(String), customer: demoCustomer },
      gift_card_code: expect.any(String),
      publishable_key: expect.stringMatching(/^pk_/),
    });
    expect((await run("seed --json")).result).toEqual({ ...key.result, seeded: false });

    expect((await run("migrate --undo --json")).result).toEqual({ result: "removed" });
    const { rows } = await database.knex.raw("select to_regclass('nettle_migrations') as found");
    expect(rows).toEqual([{ found: null }]);
  });
});
