import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { buildProgram, type NettleProgram } from "../../start/build-program.ts";
import { openDatabase, type TestDatabase } from "../../support/open-database.ts";
import { type MedusaProgram, openMedusa, secrets } from "../medusa-program.ts";
import { runSql } from "./run-sql.ts";

let nettle: NettleProgram;
let database: TestDatabase;
let medusa: MedusaProgram;
beforeAll(() => {
  nettle = buildProgram();
});
afterAll(() => nettle.remove());
beforeEach(async () => {
  database = await openDatabase("empty");
});
afterEach(async () => {
  await medusa.remove();
  await database.drop();
});

const account = { email: "ada@example.com", password: "correct-horse" };

/** The rows that Medusa's start adds to a new database, without ids and times. */
const rowsOf = (url: string) =>
  runSql(
    url,
    `select to_jsonb(store) - array['id', 'created_at', 'updated_at', 'default_sales_channel_id']
       as row from store
     union all select jsonb_build_object('currency', currency_code) from store_currencies
     union all select to_jsonb(currency) - 'includes_tax' from currency
     union all select to_jsonb(country) - 'id' from country
     union all select to_jsonb(shipping_profile) - array['id', 'created_at', 'updated_at']
       from shipping_profile
     order by 1`,
  );

const channelsOf = (url: string) =>
  runSql(
    url,
    `select name, description, is_disabled, exists (select from store
       where default_sales_channel_id = sales_channel.id) from sales_channel`,
  );

async function run(command: string): Promise<void> {
  const { code, error } = await nettle.run(command, { DATABASE_URL: database.url });
  expect(code, error).toBe(0);
}

async function post(url: string, path: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.status;
}

describe.each([["on"], ["off"]])(
  "a database on which Medusa's migrations ran with its flags %s, and its server never",
  (flags) => {
    it("gets what its start adds, and is left with passwords that Medusa reads", async () => {
      medusa = openMedusa({
        ...{ home: inject("medusaHome"), redisUrl: inject("redisUrl") },
        ...{ databaseUrl: database.url, featureFlags: flags === "on" },
      });
      await medusa.run("migrations", "run");
      expect(await runSql(database.url, "select from store")).toEqual([]);
      await run("migrate");
      const added = await rowsOf(database.url);
      if (flags === "on") {
        // Medusa has started on the template.
        const started = await openDatabase();
        const expected = [await rowsOf(started.url), await channelsOf(started.url)];
        await started.drop();
        expect([added, await channelsOf(database.url)]).toEqual(expected);
      } else expect(await channelsOf(database.url)).toEqual([]);

      const server = await nettle.serve({
        ...{ DATABASE_URL: database.url, JWT_SECRET: secrets.jwt, COOKIE_SECRET: secrets.cookie },
      });
      const names = { first_name: "Ada", last_name: "Byron" };
      expect(await post(server.url, "/store/customers", { ...names, ...account })).toBe(200);
      server.signal("SIGTERM");
      await server.ended();
      await run("migrate --undo");

      const { url } = await medusa.start();
      expect(await rowsOf(database.url)).toEqual(added);
      expect(await post(url, "/store/auth", account)).toBe(200);
      expect(await post(url, "/store/auth", { ...account, password: "wrong" })).toBe(401);
    }, 600_000);
  },
);
