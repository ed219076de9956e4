import type { Knex } from "knex";
import { describe, expect, it } from "vitest";
import { deleteOldRows } from "../../src/database/delete-old-rows.ts";
import { activatePaidGiftCards } from "../../src/domains/gift-cards/activate-gift-cards.ts";
import { deleteOldReleases } from "../../src/domains/payments/attempts/release-leases.ts";
import { rebuildSearch } from "../../src/domains/search/rebuild-search.ts";
import { Events } from "../../src/events/events.ts";
import { cleanUpDeliveries } from "../../src/events/start-delivery-cleanup.ts";
import { Subscriptions } from "../../src/events/subscriptions.ts";
import {
  aPaymentCollection,
  setPaymentSessions,
} from "../payment-collections/a-payment-collection.ts";
import { aCustomer, aFilledCart, anOrder, aProduct, aShopSetup } from "../support/builders.ts";
import { everyEventHeard } from "../support/every-event.ts";
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
  nettle_unfollowed_session: async ({ knex }) => {
    await knex("nettle_unfollowed_session").insert({ session_id: "ps_gone" });
    await deleteOldRows(knex);
  },
  nettle_lost_shipping: async ({ knex }) => {
    await knex("nettle_lost_shipping").insert({ cart_id: "cart_gone" });
    await deleteOldRows(knex);
  },
  nettle_outbox: async ({ knex }) => {
    await knex("nettle_outbox").insert({ id: "evt_1", name: "cart.created", data: {} });
    await cleanUpDeliveries(knex, { ...outbox, subscriptions: new Subscriptions([]) });
  },
  nettle_delivery: async ({ knex }) => {
    const delivery = { subscriber: "gone", name: "cart.created", aggregate: "", data: {} };
    await knex("nettle_delivery").insert([
      { ...delivery, event_id: "evt_overdue", waits_since: longAgo },
      { ...delivery, event_id: "evt_dead", dead_at: longAgo },
      { ...delivery, event_id: "evt_removed", subscriber: `we_${"0".repeat(26)}` },
    ]);
    const subscriptions = new Subscriptions([]);
    await cleanUpDeliveries(knex, { ...outbox, subscriptions });
    expect(await knex("nettle_delivery").pluck("event_id")).toEqual(["evt_overdue"]);
    const deadLetters = { days: 20, count: 0 };
    await cleanUpDeliveries(knex, { ...outbox, deadLetters, subscriptions });
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
  nettle_search_word: async (shop) => {
    await aProduct(shop.knex, { title: "Teapot" });
    await shop.post("/store/products/search", { q: "teapot" });
    expect(await shop.knex("nettle_search_word").where({ word: "teapot" })).toHaveLength(1);
    await shop.knex("product").update({ deleted_at: new Date() });
    await rebuildSearch(shop.knex, () => undefined);
  },
  nettle_payment_release: async ({ knex }) => {
    await insertRelease(knex, { attempt: "voided", state: "voided", released_at: longAgo });
    await insertRelease(knex, { attempt: "refunded", state: "refunded", released_at: longAgo });
    await deleteOldReleases(knex, 29);
  },
  nettle_authorization: async (shop) => {
    const { path } = await aPaymentCollection(shop.knex, "manual");
    const ids = await setPaymentSessions(shop, path, [1190], "manual");
    const answer = await shop.post(`${path}/sessions/${ids[0]}/authorize`);
    expect(answer.body.payment_session.status).toBe("authorized");
  },
  nettle_unpaid_gift_cards: async ({ knex }) => {
    const ended = [
      await anOrder(knex, { status: "canceled" }),
      await anOrder(knex, { payment_status: "captured" }),
      { id: "order_gone" },
    ];
    const rows = ended.map(({ id }) => ({ order_id: id }));
    await knex("nettle_unpaid_gift_cards").insert(rows);
    await activatePaidGiftCards(knex, new Events(everyEventHeard, false));
  },
};

const outbox = { retryHours: 24, deadLetters: { days: 20, count: 100 } };

/** Queues the release of a payment, or records that it was done. */
const insertRelease = (knex: Knex, columns: object) =>
  knex("nettle_payment_release").insert({
    resource_id: "cart_gone",
    provider_id: "manual",
    amount: 100,
    currency_code: "eur",
    ...columns,
  });

/** Tables whose rows do not become more, whatever clients do. */
const bounded: Readonly<Record<string, string>> = {
  nettle_migrations: "a row for each migration",
  nettle_migrations_lock: "one row",
  nettle_adoption: "one row",
  nettle_extension: "the extensions that were added to the database",
  nettle_webhook: "at most 50, which the shop adds and removes",
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
    await insertRelease(shop.knex, { attempt: "waiting", state: "waiting", created_at: longAgo });
    await insertRelease(shop.knex, { attempt: "new", state: "voided", released_at: new Date() });
    const order = await anOrder(shop.knex, { payment_status: "awaiting" });
    await shop.knex("payment").where({ order_id: order.id }).update({ captured_at: null });
    await shop.knex("nettle_unpaid_gift_cards").insert({ order_id: order.id });
    await deleteOldRows(shop.knex);
    await deleteOldReleases(shop.knex, 29);
    await activatePaidGiftCards(shop.knex, new Events(everyEventHeard, false));
    expect(await shop.knex("nettle_payment_release").pluck("attempt")).toEqual(["waiting", "new"]);
    expect(await shop.knex("nettle_unpaid_gift_cards")).toHaveLength(1);
    expect(await shop.knex("nettle_password_change")).toHaveLength(1);
    expect(await shop.knex("nettle_session")).toHaveLength(1);
  });
});
