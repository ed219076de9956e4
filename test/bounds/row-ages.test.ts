import { describe, expect, it } from "vitest";
import { deleteOldRows } from "../../src/database/delete-old-rows.ts";
import { newId } from "../../src/database/new-id.ts";
import { startRelay } from "../../src/events/relay.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aCustomer, aFilledCart, aProduct, aShopSetup } from "../support/builders.ts";
import { openShop, type Shop } from "../support/open-shop.ts";

/** Fills a table of ours with a row whose work is done, and runs what deletes it. */
type Case = (shop: Shop) => Promise<void>;

const longAgo = new Date(Date.now() - 30 * 86_400_000);

const cases: Readonly<Record<string, Case>> = {
  nettle_session: async ({ knex }) => {
    await knex("nettle_session").insert({ sid: "old", sess: {}, expire: longAgo });
    await deleteOldRows(knex);
  },
  nettle_discount_use: async ({ knex }) => {
    const row = { discount_id: "disc_1", order_id: "order_1", is_counted: false };
    await knex("nettle_discount_use").insert({ ...row, noted_at: longAgo });
    await deleteOldRows(knex);
  },
  nettle_password_change: async ({ knex }) => {
    const row = { customer_id: "cus_gone", version: 1, changed_at: longAgo };
    await knex("nettle_password_change").insert(row);
    await deleteOldRows(knex);
  },
  nettle_provider_customer: async ({ knex }) => {
    const { id: customer_id } = await aCustomer(knex, { deleted_at: longAgo });
    await knex("nettle_provider_customer").insert({ customer_id, provider_id: "manual", data: {} });
    await deleteOldRows(knex);
  },
  nettle_lost_shipping: async ({ knex }) => {
    await knex("nettle_lost_shipping").insert({ cart_id: "cart_gone" });
    await deleteOldRows(knex);
  },
  nettle_outbox: async ({ knex }) => {
    const event = { name: "cart.created", data: {} };
    await knex("nettle_outbox").insert({ id: newId("event"), ...event });
    await knex("nettle_outbox").insert({ id: newId("event"), ...event, attempts: 14 });
    const fails = async () => Promise.reject(new Error("no mail server"));
    const subscribers = { "cart.created": [fails] };
    const stop = startRelay(knex, { subscribers, log: createLog("silent"), pollIntervalMs: 5 });
    while ((await knex("nettle_outbox").where("attempts", ">=", 14)).length > 0);
    await stop();
    const stopLast = startRelay(knex, {
      subscribers: {},
      log: createLog("silent"),
      pollIntervalMs: 5,
    });
    await knex("nettle_outbox").update({ due_at: new Date() });
    while ((await knex("nettle_outbox")).length > 0);
    await stopLast();
  },
  nettle_checkout: async (shop) => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    await shop.post(`/store/carts/${cart}/complete`);
  },
  nettle_product_search: async (shop) => {
    const product = await aProduct(shop.knex);
    await shop.post("/store/products/search", { q: "product" });
    await shop.knex("product").where({ id: product.id }).update({ deleted_at: new Date() });
    await shop.post("/store/products/search", { q: "product" });
    await shop.knex("product").update({ deleted_at: new Date() });
    await shop.post("/store/products/search", { q: "product" });
  },
  nettle_product_search_due: async (shop) => {
    await aProduct(shop.knex);
    await shop.post("/store/products/search", { q: "product" });
  },
};

/** Tables that hold one row for each of the shop's own, or none that grows. */
const bounded: Readonly<Record<string, string>> = {
  nettle_migrations: "a row for each migration",
  nettle_migrations_lock: "one row",
  nettle_search_word: "the words of the shop's products; `nettle search rebuild` drops old ones",
  nettle_extension: "the extensions that were added to the database",
  nettle_payment_release: "deleted some time after the release; release-leases.ts",
  nettle_unpaid_gift_cards: "a row for each order with unpaid gift cards, deleted once it is paid",
  nettle_authorization: "deleted with the authorization; test/payments/leases.test.ts",
};

/** No table of ours keeps rows for ever. */
describe("the rows of our own tables", () => {
  const shop = openShop();

  it("each have something that deletes them", async () => {
    const { rows } = await shop.knex.raw(
      "select relname from pg_class where relkind = 'r' and relname like 'nettle\\_%' order by 1",
    );
    const names = rows.map(({ relname }: { relname: string }) => relname);
    expect([...Object.keys(cases), ...Object.keys(bounded)].toSorted()).toEqual(names);
  });

  it.each(Object.entries(cases))("are deleted when their work is done: %s", async (table, run) => {
    await run(shop);
    expect(await shop.knex(table)).toEqual([]);
  });

  it("that are still needed stay", async () => {
    const { id } = await aCustomer(shop.knex);
    const change = { customer_id: id, version: 1, changed_at: longAgo };
    await shop.knex("nettle_password_change").insert(change);
    const session = { sid: "new", sess: {}, expire: new Date(Date.now() + 60_000) };
    await shop.knex("nettle_session").insert(session);
    await deleteOldRows(shop.knex);
    expect(await shop.knex("nettle_password_change")).toHaveLength(1);
    expect(await shop.knex("nettle_session")).toHaveLength(1);
  });
});
