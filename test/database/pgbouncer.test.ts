import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConcurrently } from "../../migrations/build-concurrently.ts";
import { connectDatabase } from "../../src/database/connect-database.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { buildProgram } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aProduct, aShopSetup } from "../support/builders.ts";
import { findProgram } from "../support/find-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type PgBouncer, startPgBouncer } from "../support/pgbouncer.ts";

const program = findProgram("pgbouncer");

const names = [
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "plan_cache_mode",
  "jit",
];
const settings = names.map((name) => `current_setting('${name}')`).join(", ");
const shown = `select array[${settings}] as list`;
const SERVER_CONNECTIONS = 4;

describe.runIf(program)("behind PgBouncer in transaction mode", () => {
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let defaults: string[];
  beforeAll(async () => {
    database = await openDatabase("empty");
    const plain = new pg.Client({ connectionString: database.url });
    await plain.connect();
    defaults = (await plain.query(shown)).rows[0].list;
    await plain.end();
    bouncer = await startPgBouncer(program!, database.url, SERVER_CONNECTIONS);
  });
  afterAll(async () => {
    await bouncer.stop();
    await database.drop();
  });

  const connect = (statementTimeout = 7000) =>
    connectDatabase({
      ...{ url: bouncer.url, poolSize: 4, prepare: "auto", acquireTimeout: 5000 },
      ...{ statementTimeout, lockTimeout: 3000, idleInTransactionTimeout: 9000 },
    });
  const ours = ["7s", "3s", "9s", "force_generic_plan", "off"];

  /** Reads the settings of every server connection, as another client of the pool finds them. */
  async function settingsOfOthers(): Promise<string[][]> {
    const clients = Array.from(
      { length: SERVER_CONNECTIONS },
      () => new pg.Client({ connectionString: bouncer.url }),
    );
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client) => client.query("begin")));
    const found = await Promise.all(
      clients.map(async (client) => (await client.query(shown)).rows[0].list as string[]),
    );
    await Promise.all(clients.map((client) => client.query("commit")));
    await Promise.all(clients.map((client) => client.end()));
    return found;
  }
  const expectNoTrace = async () => {
    const expected = Array.from({ length: SERVER_CONNECTIONS }, () => defaults);
    expect(await settingsOfOthers()).toEqual(expected);
  };

  it("our statements have our settings, and other clients the server's", async () => {
    const knex = connect();
    const single = async () => (await knex.raw(shown)).rows[0].list;
    expect(await Promise.all([single(), single(), single(), single()])).toEqual(
      Array.from({ length: 4 }, () => ours),
    );
    await expectNoTrace();
    await knex.transaction(async (trx) => {
      expect((await trx.raw(shown)).rows[0].list).toEqual(ours);
      await trx.transaction(async (inner) => {
        expect((await inner.raw(shown)).rows[0].list).toEqual(ours);
      });
    });
    await knex.transaction((trx) => trx.raw("select 1 / 0")).catch(() => undefined);
    await knex.raw("select 1 / 0").catch(() => undefined);
    expect(await single()).toEqual(ours);
    await expectNoTrace();
    await knex.destroy();
  });

  it("our statements are cancelled in time, single ones and those in a transaction", async () => {
    const knex = connect(300);
    await expect(knex.raw("select pg_sleep(5)")).rejects.toThrow(/statement timeout/);
    await expect(knex.transaction((trx) => trx.raw("select pg_sleep(5)"))).rejects.toThrow(
      /statement timeout/,
    );
    expect((await knex.raw("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await knex.destroy();
    await expectNoTrace();
  });

  it("a single write is committed, and a failed one is not", async () => {
    const knex = connect();
    await knex.raw("create table thing (id int primary key)");
    await knex("thing").insert({ id: 1 });
    await expect(knex("thing").insert([{ id: 2 }, { id: 1 }])).rejects.toThrow(/duplicate key/);
    expect(await database.knex("thing").pluck("id")).toEqual([1]);
    await buildConcurrently(knex, [{ name: "nettle_thing", table: "thing", on: "(id)" }]);
    await knex.raw("drop table thing");
    await knex.destroy();
    await expectNoTrace();
  });

  it("a shop is built and served", async () => {
    const knex = connect();
    expect(await migrateDatabase(knex, { adopt: false, log: () => undefined })).toMatchObject({
      result: "built",
    });
    await knex.destroy();
    await expectNoTrace();
    const { regionId } = await aShopSetup(database.knex);
    const nettle = buildProgram();
    const server = await nettle.serve({
      DATABASE_URL: bouncer.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
    });
    const client = clientAt(server.url);
    const created = await client.post("/store/carts", { region_id: regionId });
    expect(created.status).toBe(200);
    const changed = await client.post(`/store/carts/${created.body.cart.id}`, {
      email: "ada@example.com",
    });
    expect([changed.status, changed.body.cart.email]).toEqual([200, "ada@example.com"]);
    const account = { email: "ben@example.com", password: "correct-horse" };
    const name = { first_name: "Ben", last_name: "Lind" };
    expect((await client.post("/store/customers", { ...account, ...name })).status).toBe(200);
    expect((await client.get("/store/products?q=fell")).status).toBe(200);
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    nettle.remove();
    await expectNoTrace();
  });

  it("each list shows the page that was asked for", async () => {
    const titles = Array.from(
      { length: 12 },
      (_, index) => `Page ${String(index).padStart(2, "0")}`,
    );
    for (const title of titles) await aProduct(database.knex, { title });
    const nettle = buildProgram();
    const server = await nettle.serve({
      DATABASE_URL: bouncer.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
    });
    const client = clientAt(server.url);
    const titleAt = async (offset: number) => {
      const list = "/store/products?limit=1&order=title&title=";
      const { body } = await client.get(`${list}${titles[offset]}&expand=variants`);
      return body.products.map(({ title }: { title: string }) => title);
    };
    for (let round = 0; round < 4; round++)
      expect((await Promise.all(titles.map((_, offset) => titleAt(offset)))).flat()).toEqual(
        titles,
      );
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    nettle.remove();
  });

  it("a shop sells to many at once, each unit once", async () => {
    const stock = 12;
    const setup = await aShopSetup(database.knex, { stock });
    const nettle = buildProgram();
    const server = await nettle.serve({
      DATABASE_URL: bouncer.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
    });
    const buy = async (): Promise<number> => {
      const shopper = clientAt(server.url);
      const id = await aFilledCart(shopper, setup);
      return (await shopper.post(`/store/carts/${id}/complete`)).status;
    };
    const statuses = await Promise.all(Array.from({ length: 2 * stock }, buy));
    expect(statuses.toSorted()).toEqual([
      ...Array.from({ length: stock }, () => 200),
      ...Array.from({ length: stock }, () => 409),
    ]);
    const { variantId } = setup;
    const [sold] = await database
      .knex("line_item")
      .where({ variant_id: variantId })
      .whereNotNull("order_id")
      .count({ lines: "*" });
    expect(Number(sold!["lines"])).toBe(stock);
    expect(
      await database.knex("product_variant").where({ id: variantId }).pluck("inventory_quantity"),
    ).toEqual([0]);
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    nettle.remove();
    await expectNoTrace();
  });
});
