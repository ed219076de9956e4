import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  aPaymentCollection,
  setPaymentSessions,
} from "../payment-collections/a-payment-collection.ts";
import { aFilledCart, aShippedOrder, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { aSwap, aSwapSetup, swapRequest } from "../swaps/a-swap.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "silent" },
});
beforeAll(() => {
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
});

/** Makes the database refuse each new row of a table while `execute` runs. */
async function withRefusal<T>(table: string, sqlstate: string, execute: () => Promise<T>) {
  await shop.knex.raw(`
    create or replace function refuse_it() returns trigger language plpgsql as $$
    begin raise exception 'the plugin says no' using errcode = '${sqlstate}'; end $$;
    create trigger refuse_it before insert on "${table}"
      for each row execute function refuse_it()`);
  try {
    return await execute();
  } finally {
    await shop.knex.raw(`drop trigger refuse_it on "${table}"`);
  }
}

const books = (resource: string) =>
  [...service.ledger.payments.values()]
    .filter(({ resource_id }) => resource_id === resource)
    .map((one) => one.authorized - one.canceled - one.refunded);
const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const STATES = ["22003", "23514", "23505", "P0001", "P0002", "42703"];

describe("an order that the database refuses", () => {
  it.each(STATES)("with %s is refused in words, and its payment voided at once", async (state) => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    const answer = await withRefusal("order", state, () => complete(cart));
    expect([400, 409]).toContain(answer.status);
    expect(answer.body.message).toMatch(/payment was cancelled/);
    expect(answer.text).not.toContain("plugin");
    expect(books(cart)).toEqual([0]);
    expect(await shop.knex("nettle_checkout")).toEqual([]);
    expect((await complete(cart)).body.type).toBe("order");
  });

  it("returns what was captured at once", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    service.setFailureMode({ step: "authorize", kind: "capture" });
    const answer = await withRefusal("order", "P0001", () => complete(cart));
    expect(answer.body.message).toMatch(/refunded/);
    expect(books(cart)).toEqual([0]);
  });

  it("returns what a webhook reports", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    await withRefusal("order", "23514", () => service.pay(cart, "captured"));
    await expect.poll(() => books(cart)).toEqual([0]);
  });

  it("is retried, and keeps its payment, while the database is only busy", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    const answer = await withRefusal("order", "55P03", () => complete(cart));
    expect(answer.status).toBe(409);
    expect((await complete(cart)).body.type).toBe("order");
    expect(books(cart)).toEqual([1000]);
  });
});

describe("a swap that the database refuses", () => {
  it("voids its payment at once", async () => {
    const setup = await aSwapSetup(shop.knex, { providers: ["remote"], stock: 5 });
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { cartId: cart } = await aSwap(shop, swapRequest(order, setup));
    const answer = await withRefusal("payment", "P0001", () => complete(cart));
    expect(answer.status).toBe(400);
    await expect.poll(() => books(cart), { timeout: 5000 }).toEqual([0]);
  });
});

describe("a payment of a payment collection that the database refuses", () => {
  it.each(["authorized", "captured"])("is released at once if it was %s", async (how) => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const session_ids = await setPaymentSessions(shop, path);
    if (how === "captured") service.setFailureMode({ step: "authorize", kind: "capture" });
    const answer = await withRefusal("payment", "23514", () =>
      shop.post(`${path}/sessions/batch/authorize`, { session_ids }),
    );
    expect(answer.status).toBe(400);
    await expect.poll(() => books(collectionId)).toEqual([0]);
    expect(await shop.knex("nettle_authorization")).toEqual([]);
  });
});

describe("stock that is not managed", () => {
  it("does not fall below what the column can hold, and stays for sale", async () => {
    const setup = await aShopSetup(shop.knex, { price: 0 });
    const variant = shop.knex("product_variant").where({ id: setup.variantId });
    await variant.clone().update({ manage_inventory: false, inventory_quantity: -2_147_483_647 });
    for (let count = 0; count < 2; count++) {
      const cart = await aFilledCart(shop, setup, { quantity: 5 });
      expect((await complete(cart)).body.type).toBe("order");
    }
  });
});
