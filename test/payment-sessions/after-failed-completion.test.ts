import { afterAll, afterEach, describe, expect, it } from "vitest";
import { aFilledCart, aPaymentSession, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
afterEach(() => service.clearFailureModes());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "silent" },
});

const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const books = (cart: string) =>
  [...service.ledger.payments.values()]
    .filter(({ resource_id }) => resource_id === cart)
    .map((one) => one.authorized - one.canceled - one.refunded);

describe("after one failed call of a completion", () => {
  const calls = {
    "payment sessions are created": (cart: string) =>
      shop.post(`/store/carts/${cart}/payment-sessions`),
    "the provider is selected again": (cart: string) =>
      shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "remote" }),
    "the session is refreshed": (cart: string) =>
      shop.post(`/store/carts/${cart}/payment-sessions/remote/refresh`),
    "data is sent to the session": (cart: string) =>
      shop.post(`/store/carts/${cart}/payment-sessions/remote`, { data: { note: "please" } }),
  };

  it.each(
    (["update", "authorize"] as const).flatMap((step) =>
      (["error", "drop_response"] as const).flatMap((kind) =>
        Object.keys(calls).map((call) => [step, kind, call] as const),
      ),
    ),
  )("of %s (%s) at most one payment is initiated when %s", async (step, kind, call) => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    service.setFailureMode({ step, kind, times: step === "update" ? 2 : 1 });
    if (step === "update") await shop.post(`/store/carts/${cart}`, { context: { note: "late" } });
    expect((await complete(cart)).status).toBe(503);
    const before = service.requestedSteps.filter((one) => one === "initiate").length;
    const answer = await calls[call as keyof typeof calls](cart);
    expect(answer.status, answer.text).toBe(200);
    // A payment that was not asked to authorize is the cart's still.
    const again = step === "update" && !call.includes("refreshed") ? 0 : 1;
    expect(service.requestedSteps.filter((one) => one === "initiate")).toHaveLength(before + again);
    await shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "remote" });
    expect((await complete(cart)).body.type).toBe("order");
    await expect.poll(() => books(cart).reduce((sum, one) => sum + one, 0)).toBe(1000);
  });
});

describe("a session of a provider that this server does not have", () => {
  it("is given up when sessions are created or another provider is selected", async () => {
    for (const calls of [["payment-sessions", "payment-session"], ["payment-session"]]) {
      const setup = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
      const cart = await aFilledCart(shop, setup);
      await shop.knex("payment_provider").insert({ id: "gone" }).onConflict().ignore();
      await shop
        .knex("region_payment_providers")
        .insert({ region_id: setup.regionId, provider_id: "gone" });
      const [{ amount }] = await shop.knex("payment_session").where({ cart_id: cart });
      await aPaymentSession(shop.knex, {
        ...{ cart_id: cart, provider_id: "gone", amount, is_selected: true, is_initiated: true },
        data: { id: "pi_1" },
      });
      for (const call of calls) {
        const answer = await shop.post(`/store/carts/${cart}/${call}`, { provider_id: "manual" });
        expect(answer.status, answer.text).toBe(200);
      }
      expect((await complete(cart)).body.type).toBe("order");
      expect(await shop.knex("nettle_payment_release").where({ resource_id: cart })).toMatchObject([
        { provider_id: "gone", released_at: null, data: { id: "pi_1" } },
      ]);
    }
  });
});
