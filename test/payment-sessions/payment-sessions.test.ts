import { afterAll, describe, expect, it } from "vitest";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });

describe("payment sessions", () => {
  it("are refused for providers that the region does not have", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    const foreign = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "stripe",
    });
    expect(foreign).toMatchObject({ status: 400, body: { type: "not_allowed" } });
    expect((await shop.post("/store/carts/cart_none/payment-sessions")).status).toBe(404);
  });

  it("of several providers are initiated when they are selected", async () => {
    const cart = await aFilledCart(
      shop,
      await aShopSetup(shop.knex, { providers: ["manual", "remote"] }),
    );
    const before = service.ledger.payments.size;
    const chosen = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "remote",
    });
    expect(chosen.body.cart.payment_session).toMatchObject({
      provider_id: "remote",
      is_initiated: true,
      amount: 1000,
    });
    expect(service.ledger.payments.size).toBe(before + 1);
    const other = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "manual",
    });
    expect(other).toMatchObject({
      status: 200,
      body: { cart: { payment_session: { provider_id: "manual" } } },
    });
  });

  it("are published as updates of the cart, creating them only if it is recalculated", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
    const cart = await aFilledCart(shop, setup);
    const path = `/store/carts/${cart}/payment-session`;
    const published = async (send: () => Promise<{ status: number }>) => {
      await shop.knex("nettle_delivery").delete();
      expect((await send()).status).toBe(200);
      return shop.knex("nettle_delivery").where({ name: "cart.updated" }).pluck("data");
    };
    expect(await published(() => shop.post(`${path}s`))).toEqual([]);
    await shop.knex("money_amount").update({ amount: 900 });
    expect(await published(() => shop.post(`${path}s`))).toEqual([{ id: cart }]);
    for (const change of [
      () => shop.post(path, { provider_id: "remote" }),
      () => shop.post(`${path}s/remote`, { data: { a: 1 } }),
      () => shop.post(`${path}s/remote/refresh`),
      () => shop.delete(`${path}s/remote`),
    ])
      expect(await published(change)).toEqual([{ id: cart }]);
  });

  it("can be selected again after the provider failed", async () => {
    const cart = await aFilledCart(
      shop,
      await aShopSetup(shop.knex, { providers: ["manual", "remote"] }),
    );
    service.setFailureMode({ step: "initiate", kind: "error" });
    const failed = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "remote",
    });
    expect(failed).toMatchObject({ status: 503, body: { type: "unavailable" } });
    const again = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "remote",
    });
    expect(again.body.cart.payment_session).toMatchObject({
      provider_id: "remote",
      status: "pending",
    });
  });

  it("follow the cart's total, also at the provider", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 2,
    });
    const { body } = await shop.post(`/store/carts/${cart}/payment-sessions`);
    expect(body.cart.payment_session.amount).toBe(3000);
    expect(body.data.payment_session).toEqual(body.cart.payment_session);
    expect([...service.ledger.payments.values()].map(({ amount }) => amount)).toContain(3000);
  });

  it("reuse a payment whose initiation was not answered", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const { body } = await shop.post("/store/carts", {
      region_id: setup.regionId,
      items: [{ variant_id: setup.variantId, quantity: 1 }],
    });
    const before = service.ledger.payments.size;
    const path = `/store/carts/${body.cart.id}/payment-sessions`;
    for (const again of [path, `${path}/remote/refresh`]) {
      service.setFailureMode({ step: "initiate", kind: "drop_response" });
      expect((await shop.post(again)).status).toBe(503);
      expect((await shop.post(again)).status).toBe(200);
      await expect.poll(() => service.ledger.payments.size).toBe(before + 1);
      await shop.post(`/store/carts/${body.cart.id}/payment-session`, { provider_id: "remote" });
      expect(service.ledger.payments.size).toBe(before + 1);
    }
  });

  it("are updated at the provider with every amount, also an earlier one", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    const amounts = [];
    for (const quantity of [2, 1, 2]) {
      const { items } = (await shop.get(`/store/carts/${cart}`)).body.cart;
      await shop.post(`/store/carts/${cart}/line-items/${items[0].id}`, { quantity });
      await shop.post(`/store/carts/${cart}/payment-sessions`);
      amounts.push(
        [...service.ledger.payments.values()].find(({ resource_id }) => resource_id === cart)
          ?.amount,
      );
    }
    expect(amounts).toEqual([2000, 1000, 2000]);
  });
});
