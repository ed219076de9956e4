import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aFilledCart, aRegion, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
const other = await startFakePaymentProvider();
afterAll(() => Promise.all([service.close(), other.close()]));
const shop = openShop({
  providers: {
    payment: [remotePaymentProvider(service.url), remotePaymentProvider(other.url, "other")],
  },
  settings: { LOG_LEVEL: "silent", PROVIDER_SECONDS: "5" },
});

let setup: ShopSetup;
let secondRegion: string;
beforeAll(async () => {
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
  const providers = ["manual", "remote", "other"];
  setup = await aShopSetup(shop.knex, { providers });
  secondRegion = (await aRegion(shop.knex, { tax_rate: 0, payment_providers: providers })).id;
});

const aCart = () => aFilledCart(shop, setup);
const post = async (path: string, body: object = {}) => {
  const answer = await shop.post(path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const sessions = (cart: string) => post(`/store/carts/${cart}/payment-sessions`);
const choose = (cart: string, provider_id: string) =>
  post(`/store/carts/${cart}/payment-session`, { provider_id });
const move = (cart: string, region_id: string) => post(`/store/carts/${cart}`, { region_id });
const paymentsOf = (cart: string) =>
  [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);
const waiting = (cart: string) =>
  shop.knex("nettle_payment_release").where({ resource_id: cart }).whereNull("released_at");
/** Lets what waits for its next try be tried by the next event. */
const makeDue = (cart: string) => waiting(cart).update({ next_try_at: shop.knex.raw("now()") });
const money = (cart: string) =>
  paymentsOf(cart).map(({ captured, authorized, canceled, refunded }) => [
    captured - refunded,
    authorized - canceled - captured,
  ]);
const received = { status: 200, body: { received: true } };

describe("a payment that a cart gives up", () => {
  it("is captured after the second change of the region, and refunded", async () => {
    const cart = await aCart();
    await choose(cart, "remote");
    service.setFailureMode({ step: "delete", kind: "error", times: 2 });
    await move(cart, secondRegion);
    await expect.poll(async () => (await waiting(cart)).length).toBe(1);
    await sessions(cart);
    await choose(cart, "remote");
    await move(cart, setup.regionId);
    await expect.poll(async () => (await waiting(cart)).length).toBe(2);
    await expect.poll(async () => (await waiting(cart)).every(({ tries }) => tries > 0)).toBe(true);
    expect(await service.pay(cart, "captured")).toEqual(received);
    await expect.poll(() => money(cart), { timeout: 10_000 }).toEqual([[0, 0]]);
    await expect.poll(() => waiting(cart)).toEqual([]);
    expect(paymentsOf(cart)).toMatchObject([{ captured: 1000, refunded: 1000 }]);
  });

  const ways: Readonly<Record<string, (cart: string) => Promise<unknown>>> = {
    "the region changes": (cart) => move(cart, secondRegion),
    "its last line is removed": async (cart) => {
      const { id } = await shop.knex("line_item").where({ cart_id: cart }).first();
      expect((await shop.delete(`/store/carts/${cart}/line-items/${id}`)).status).toBe(200);
    },
    "another provider is selected": (cart) => choose(cart, "manual"),
    "its session is deleted": async (cart) =>
      expect((await shop.delete(`/store/carts/${cart}/payment-sessions/remote`)).status).toBe(200),
    "its session is refreshed": (cart) =>
      post(`/store/carts/${cart}/payment-sessions/remote/refresh`),
    "the region loses its provider": async (cart) => {
      const listed = shop.knex("region_payment_providers").where({ region_id: setup.regionId });
      await listed.clone().andWhere({ provider_id: "remote" }).delete();
      await post(`/store/carts/${cart}`, { region_id: setup.regionId });
      await listed.clone().insert({ region_id: setup.regionId, provider_id: "remote" });
    },
    "sessions are created without its provider": async (cart) => {
      const listed = shop.knex("region_payment_providers").where({ region_id: setup.regionId });
      await listed.clone().andWhere({ provider_id: "remote" }).delete();
      await sessions(cart);
      await listed.clone().insert({ region_id: setup.regionId, provider_id: "remote" });
    },
  };

  it.each(Object.keys(ways))("is deleted at its provider soon after %s", async (way) => {
    const cart = await aCart();
    await choose(cart, "remote");
    const [payment] = paymentsOf(cart);
    await ways[way]!(cart);
    await expect.poll(() => service.ledger.payments.has(payment!.id)).toBe(false);
    await expect.poll(() => waiting(cart)).toEqual([]);
  });

  it.each(Object.keys(ways))("is refunded, if it was paid before, after %s", async (way) => {
    const cart = await aCart();
    await choose(cart, "remote");
    service.ledger.pay(cart, "captured");
    await ways[way]!(cart);
    await expect.poll(() => paymentsOf(cart)[0]).toMatchObject({ captured: 1000, refunded: 1000 });
  });

  it("does not keep the cart from being paid by another provider", async () => {
    const cart = await aCart();
    await choose(cart, "remote");
    service.setFailureMode({ step: "retrieve", kind: "error", times: 2 });
    await choose(cart, "manual");
    await expect.poll(async () => (await waiting(cart))[0]?.tries).toBe(1);
    const { type, data } = await post(`/store/carts/${cart}/complete`);
    expect([type, data.payments[0].provider_id]).toEqual(["order", "manual"]);
    expect(await waiting(cart)).toHaveLength(1);
    expect(await service.pay(cart, "captured")).toEqual(received);
    await expect.poll(() => paymentsOf(cart)[0]).toMatchObject({ captured: 1000, refunded: 1000 });
  });

  it("is released though another provider does not answer", async () => {
    const [slow, cart] = [await aCart(), await aCart()];
    await choose(slow, "other");
    await choose(cart, "remote");
    other.setFailureMode({ step: "retrieve", kind: "timeout", times: 1 });
    await choose(slow, "manual");
    await choose(cart, "manual");
    await expect.poll(() => paymentsOf(cart), { timeout: 4000 }).toEqual([]);
  });

  it("is refunded when the shopper pays it after its release", async () => {
    const cart = await aCart();
    await choose(cart, "remote");
    const [payment] = paymentsOf(cart);
    await choose(cart, "manual");
    await expect.poll(() => waiting(cart)).toEqual([]);
    // The provider takes the money of a payment that it was asked to delete.
    service.ledger.payments.set(payment!.id, payment!);
    expect(await service.pay(cart, "captured")).toEqual(received);
    await expect.poll(() => paymentsOf(cart)[0]).toMatchObject({ captured: 1000, refunded: 1000 });
    expect(await service.sendWebhook(cart, "captured")).toEqual(received);
    await expect.poll(() => waiting(cart)).toEqual([]);
    expect(paymentsOf(cart)).toMatchObject([{ captured: 1000, refunded: 1000 }]);
  });

  it("waits in any number: five regions, five payments", async () => {
    const cart = await aCart();
    service.setFailureMode({ step: "retrieve", kind: "error", times: 5 });
    for (let count = 0; count < 5; count++) {
      await sessions(cart);
      await choose(cart, "remote");
      await move(cart, count % 2 === 0 ? secondRegion : setup.regionId);
      await expect.poll(async () => (await waiting(cart)).length).toBe(count + 1);
      await expect
        .poll(async () => (await waiting(cart)).every(({ tries }) => tries > 0))
        .toBe(true);
    }
    for (const payment of paymentsOf(cart)) {
      payment.authorized = payment.amount;
      payment.captured = payment.amount;
      payment.status = "captured";
    }
    await makeDue(cart);
    expect(await service.sendWebhook(cart, "captured")).toEqual(received);
    await expect.poll(() => money(cart), { timeout: 10_000 }).toEqual(Array(5).fill([0, 0]));
  });

  it.each(Object.keys(ways))("holds up nothing while its provider is down: %s", async (way) => {
    const cart = await aCart();
    await choose(cart, "remote");
    service.setFailureMode({ step: "retrieve", kind: "timeout", times: 1 });
    const startedAt = Date.now();
    await ways[way]!(cart);
    expect(Date.now() - startedAt).toBeLessThan(5000);
    await choose(cart, "manual").catch(() => undefined);
  });
});

describe("a report of money that has no place", () => {
  it.each(["authorized", "captured"] as const)("is not accepted: %s", async (event) => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["manual"] }));
    expect(await service.sendWebhook(cart, event)).toMatchObject({ status: 409 });
    await post(`/store/carts/${cart}/complete`);
    expect(await service.sendWebhook(cart, event)).toMatchObject({ status: 409 });
    expect(await service.sendWebhook("cart_nowhere", event)).toMatchObject({ status: 409 });
  });
});
