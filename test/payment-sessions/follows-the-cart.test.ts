import { afterAll, afterEach, expect, it } from "vitest";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
afterEach(() => service.clearFailureModes());
const logged: { event: string; cart?: string; provider?: string; err?: unknown }[] = [];
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "warn" },
  logTo: { write: (line) => logged.push(JSON.parse(line)) },
});

const known = (cart: string) =>
  [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);

async function aCartWithPayment() {
  const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
  const id = await aFilledCart(shop, setup);
  const { body } = await shop.get(`/store/carts/${id}`);
  return { id, line: body.cart.items[0].id as string };
}

it.each(["error", "timeout", "invalid_response"] as const)(
  "a change is answered while the provider fails (%s), and completing charges the new sum",
  async (kind) => {
    const { id, line } = await aCartWithPayment();
    service.setFailureMode({ step: "update", kind });
    const change = await shop.post(`/store/carts/${id}/line-items/${line}`, { quantity: 2 });
    expect(change.status, change.text).toBe(200);
    expect(change.body.cart.payment_session.amount).toBe(2000);
    expect(logged.filter(({ cart }) => cart === id)).toMatchObject([
      { event: "payment_not_followed", provider: "remote", err: expect.anything() },
    ]);
    expect((await shop.post(`/store/carts/${id}/complete`)).body.type).toBe("order");
    expect(known(id)).toMatchObject([{ authorized: 2000 }]);
  },
  30_000,
);

it("the provider knows a line's new quantity in the answer, also in a repeated one", async () => {
  const { id, line } = await aCartWithPayment();
  expect(known(id)).toMatchObject([{ amount: 1000 }]);
  const change = () =>
    shop.post(
      `/store/carts/${id}/line-items/${line}`,
      { quantity: 3 },
      { "Idempotency-Key": `quantity of ${id}` },
    );
  const first = await change();
  expect(first.status, first.text).toBe(200);
  expect(known(id)).toMatchObject([{ amount: 3000 }]);
  const { payment_session, payment_sessions } = first.body.cart;
  const [row] = await shop.knex("payment_session").where({ cart_id: id });
  expect(payment_session).toMatchObject({ amount: 3000, data: row.data });
  if (payment_sessions) expect(payment_sessions).toMatchObject([{ data: row.data }]);
  expect((await change()).body.cart).toMatchObject({ payment_session });
});

it("the provider hears of an e-mail, and not of a change that changes nothing", async () => {
  const { id } = await aCartWithPayment();
  const updates = () => service.requestedSteps.filter((step) => step === "update").length;
  const before = updates();
  await shop.post(`/store/carts/${id}`, { email: "other@example.com" });
  expect(updates()).toBe(before + 1);
  await shop.post(`/store/carts/${id}`, { email: "other@example.com" });
  expect(updates()).toBe(before + 1);
});

it("two changes at once leave the provider with the sum of the cart", async () => {
  const { id, line } = await aCartWithPayment();
  service.setFailureMode({ step: "update", kind: "slow" });
  await Promise.all(
    [2, 5, 4].map((quantity) => shop.post(`/store/carts/${id}/line-items/${line}`, { quantity })),
  );
  const [row] = await shop.knex("payment_session").where({ cart_id: id });
  expect(known(id)).toMatchObject([{ amount: row.amount }]);
});
