import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aRegion, aShopSetup, fillCart, type ShopSetup } from "../support/builders.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const providers: Readonly<Record<"remote" | "other", FakePaymentProvider>> = {
  remote: await startFakePaymentProvider(),
  other: await startFakePaymentProvider(),
};
const services = Object.values(providers);
afterAll(() => Promise.all(services.map((service) => service.close())));
const shop = openShop({
  providers: {
    payment: Object.entries(providers).map(([id, { url }]) => remotePaymentProvider(url, id)),
  },
  settings: { LOG_LEVEL: "silent" },
});

let setup: ShopSetup;
let regions: string[];
beforeAll(async () => {
  for (const [id, service] of Object.entries(providers))
    service.webhookUrl = `${shop.url}/hooks/payment/${id}`;
  const payment_providers = ["manual", "remote", "other"];
  setup = await aShopSetup(shop.knex, { providers: payment_providers, stock: 100_000 });
  regions = [setup.regionId, (await aRegion(shop.knex, { tax_rate: 0, payment_providers })).id];
});

type Provider = keyof typeof providers;
const provider = fc.constantFrom<Provider>("remote", "other");
const failure = fc.record({
  step: fc.constantFrom(
    "retrieve",
    "delete",
    "cancel",
    "refund",
    "initiate",
    "update",
    "authorize",
  ),
  kind: fc.constantFrom("error" as const, "drop_response" as const),
});
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("select" as const), provider }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("move" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), provider }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refresh" as const), provider }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("empty" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("complete" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("pay" as const),
      provider,
      outcome: fc.constantFrom("authorized" as const, "captured" as const),
      isReported: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("fail" as const), provider, failure }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

async function perform(cart: string, one: Action): Promise<unknown> {
  const path = `/store/carts/${cart}`;
  switch (one.do) {
    case "select":
      await shop.post(`${path}/payment-sessions`);
      return shop.post(`${path}/payment-session`, { provider_id: one.provider });
    case "move": {
      const { body } = await shop.get(path);
      const region_id = regions.find((id) => id !== body.cart.region_id);
      return shop.post(path, { region_id });
    }
    case "delete":
      return shop.delete(`${path}/payment-sessions/${one.provider}`);
    case "refresh":
      return shop.post(`${path}/payment-sessions/${one.provider}/refresh`);
    case "empty": {
      for (const { id } of await shop.knex("line_item").where({ cart_id: cart }))
        await shop.delete(`${path}/line-items/${id}`);
      return shop.post(`${path}/line-items`, { variant_id: setup.variantId, quantity: 2 });
    }
    case "complete":
      return shop.post(`${path}/complete`);
    case "pay":
      return payOnPage(cart, one);
    case "fail":
      return providers[one.provider].setFailureMode(one.failure);
  }
}

/** The shopper pays the payment that the storefront knows, on the provider's page. */
async function payOnPage(
  cart: string,
  { provider: id, outcome, isReported }: Extract<Action, { do: "pay" }>,
): Promise<void> {
  const { ledger, sendWebhook } = providers[id];
  const session = await shop
    .knex("payment_session")
    .where({ cart_id: cart, provider_id: id, is_initiated: true })
    .first();
  const payment = ledger.payments.get(session?.data?.id);
  if (payment?.status !== "pending") return;
  Object.assign(payment, {
    status: outcome,
    authorized: payment.amount,
    captured: outcome === "captured" ? payment.amount : 0,
  });
  if (isReported) await sendWebhook(cart, outcome);
}

/** Ends a history: the failures stop, and the cart becomes an order that is paid by invoice. */
async function settle(cart: string): Promise<void> {
  for (const service of services) service.clearFailureModes();
  const path = `/store/carts/${cart}`;
  for (let tries = 0; tries < 3; tries++) {
    await shop.post(`${path}/payment-sessions`);
    await shop.post(`${path}/payment-session`, { provider_id: "manual" });
    const { body } = await shop.post(`${path}/complete`);
    if (body.type === "order") break;
  }
  const wakeUp = async () => {
    const due = { next_try_at: new Date(0) };
    await shop.knex("nettle_payment_release").whereNull("released_at").update(due);
    for (const service of services) await service.sendWebhook(cart, "captured");
    return shop.knex("nettle_payment_release").whereNull("released_at");
  };
  await expect.poll(wakeUp, { interval: 200, timeout: 10_000 }).toEqual([]);
}

it("after any history the providers hold nothing but what an order is paid with", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 10 }), async (history) => {
      const { id: cart } = await fillCart(shop, setup);
      for (const one of history) await perform(cart, one);
      await settle(cart);
      const paid = await shop
        .knex("payment")
        .where({ cart_id: cart, canceled_at: null })
        .whereNotNull("order_id")
        .whereNot({ provider_id: "manual" });
      const expected = Object.fromEntries(paid.map(({ data, amount }) => [data.id, amount]));
      const booked = services
        .flatMap(({ ledger }) => [...ledger.payments.values()])
        .filter(({ resource_id }) => resource_id === cart)
        .map((one) => [one.id, one.authorized - one.canceled - one.refunded] as const)
        .filter(([, amount]) => amount !== 0);
      expect(Object.fromEntries(booked)).toEqual(expected);
      expect(await shop.knex("order").where({ cart_id: cart })).toHaveLength(1);
    }),
    { numRuns: 25 },
  );
}, 300_000);
