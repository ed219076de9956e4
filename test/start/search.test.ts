import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aProduct } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

describe("nettle search", () => {
  let program: NettleProgram;
  let database: TestDatabase;
  beforeAll(async () => {
    program = buildProgram();
    database = await openDatabase();
    await aProduct(database.knex);
    await aProduct(database.knex, { status: "draft" });
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
  });

  it("refuses an unknown command with what may be meant", async () => {
    const { code, error } = await program.run("search rebild", { DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(error).toContain("unknown command 'rebild'\n(Did you mean rebuild?)\nRun `node dist/");
    expect(await database.knex("nettle_product_search")).toEqual([]);
  });

  it("rebuilds the index and reports its progress", async () => {
    const { code, out, error } = await program.run("search rebuild", {
      DATABASE_URL: database.url,
    });
    expect(code).toBe(0);
    expect(error).toMatch(/^2 of 2 products read\n+$/);
    expect(out).toBe("The search index is new: 1 products can be found\n");
    expect(await database.knex("nettle_product_search")).toHaveLength(1);
  });
});
