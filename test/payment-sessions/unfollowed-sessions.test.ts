import { afterAll, afterEach, describe, expect, it } from "vitest";
import { up as markSessions } from "../../migrations/1480-unfollowed-sessions.ts";
import { newId } from "../../src/database/new-id.ts";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aPaymentSession, aShopSetup, fillCart } from "../support/builders.ts";
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

const known = (cart: string) =>
  [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);
const updates = () => service.requestedSteps.filter((step) => step === "update").length;
const marks = async (cart: string) =>
  (
    await shop
      .knex("nettle_unfollowed_session")
      .join("payment_session", "payment_session.id", "session_id")
      .where({ cart_id: cart })
  ).length;
const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const read = async (cart: string) => (await shop.get(`/store/carts/${cart}`)).body.cart;

async function aCart(providers: readonly string[] = ["remote"]) {
  const setup = await aShopSetup(shop.knex, { providers });
  const { id, items } = await fillCart(shop, setup);
  if (providers.length > 1)
    await shop.post(`/store/carts/${id}/payment-session`, { provider_id: "remote" });
  return { id, line: items[0].id as string, setup };
}

/** Doubles the quantity of a cart while its provider is down. It stays down. */
async function anUnfollowedCart(providers?: readonly string[]) {
  const cart = await aCart(providers);
  service.setFailureMode({ step: "update", kind: "error", times: 1000 });
  const path = `/store/carts/${cart.id}/line-items/${cart.line}`;
  const answer = await shop.post(path, { quantity: 2 });
  expect(answer.status, answer.text).toBe(200);
  return { ...cart, answer };
}

describe("a change while the provider of the payment is down", () => {
  it("is answered with the new sum, and a session that is shown as not followed", async () => {
    const { id, answer } = await anUnfollowedCart();
    expect(answer.body.cart.payment_session).toMatchObject({ amount: 2000, status: "error" });
    expect((await read(id)).payment_session).toMatchObject({ amount: 2000, status: "error" });
    expect([known(id)[0]?.amount, await marks(id)]).toEqual([1000, 1]);
  });

  const calls: Readonly<Record<string, (id: string, line: string) => Promise<unknown>>> = {
    "the next change": (id, line) =>
      shop.post(`/store/carts/${id}/line-items/${line}`, { quantity: 2 }),
    "a change of the e-mail": (id) => shop.post(`/store/carts/${id}`, { email: "ny@example.com" }),
    "sessions being created": (id) => shop.post(`/store/carts/${id}/payment-sessions`),
    "the session being selected": (id) =>
      shop.post(`/store/carts/${id}/payment-session`, { provider_id: "remote" }),
    "data for the session": (id) =>
      shop.post(`/store/carts/${id}/payment-sessions/remote`, { data: { note: "please" } }),
  };
  it.each(Object.keys(calls))("is followed by %s once the provider is back", async (name) => {
    const { id, line } = await anUnfollowedCart();
    await shop.get(`/store/carts/${id}`);
    expect(await marks(id)).toBe(1);
    service.clearFailureModes();
    expect(await calls[name]!(id, line)).toMatchObject({
      status: 200,
      body: { cart: { payment_session: { amount: 2000, status: "pending" } } },
    });
    expect([known(id).map(({ amount }) => amount), await marks(id)]).toEqual([[2000], 0]);
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
  });

  it("is followed by the completion, which charges nothing before", async () => {
    const { id, line } = await anUnfollowedCart();
    for (const _ of [1, 2])
      expect(await complete(id)).toMatchObject({ status: 503, body: { type: "unavailable" } });
    expect(known(id)).toMatchObject([{ amount: 1000, authorized: 0 }]);
    expect(await shop.knex("nettle_checkout").where({ cart_id: id })).toEqual([]);
    const more = await shop.post(`/store/carts/${id}/line-items/${line}`, { quantity: 3 });
    expect(more.status, more.text).toBe(200);
    service.clearFailureModes();
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 3000 } });
    expect(known(id)).toMatchObject([{ amount: 3000, authorized: 3000 }]);
  });

  it("keeps the shopper from no other provider", async () => {
    const { id } = await anUnfollowedCart(["manual", "remote"]);
    const created = await shop.post(`/store/carts/${id}/payment-sessions`);
    expect(created).toMatchObject({
      status: 200,
      body: { cart: { payment_session: { provider_id: "remote", status: "error" } } },
    });
    const again = await shop.post(`/store/carts/${id}/payment-session`, { provider_id: "remote" });
    expect(again).toMatchObject({ status: 503, body: { type: "unavailable" } });
    const other = await shop.post(`/store/carts/${id}/payment-session`, { provider_id: "manual" });
    expect(other.status, other.text).toBe(200);
    const { payment_sessions } = await read(id);
    for (const session of payment_sessions) expect(session.status).toBe("pending");
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
    await expect.poll(() => known(id)).toEqual([]);
  });

  it("does not keep sessions from being created where a payment must be initiated", async () => {
    const { id } = await aCart(["manual", "remote"]);
    await shop.knex("payment_session").where({ cart_id: id }).update({ status: "canceled" });
    service.setFailureMode({ step: "initiate", kind: "error", times: 2 });
    const path = `/store/carts/${id}/payment-sessions`;
    for (const status of ["error", "error", "pending"])
      expect(await shop.post(path)).toMatchObject({
        status: 200,
        body: { cart: { payment_session: { provider_id: "remote", status } } },
      });
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
  });

  it("stays as it was answered under its Idempotency-Key", async () => {
    const { id, line } = await aCart();
    service.setFailureMode({ step: "update", kind: "error" });
    const change = () =>
      shop.post(
        `/store/carts/${id}/line-items/${line}`,
        { quantity: 2 },
        { "Idempotency-Key": `while down: ${id}` },
      );
    const { payment_session } = (await change()).body.cart;
    expect((await change()).body.cart).toMatchObject({ payment_session });
    expect(payment_session.status).toBe("error");
  });
});

describe("a completion", () => {
  it("asks for the payment that a browser has confirmed, and does not touch it", async () => {
    const { id } = await aCart();
    service.ledger.pay(id, "authorized");
    const before = updates();
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(updates()).toBe(before);
    expect(known(id)).toMatchObject([{ authorized: 1000, canceled: 0 }]);
  });

  it("tells the provider first what another program has left unsaid", async () => {
    const { id } = await aCart();
    await shop.knex("payment_session").where({ cart_id: id }).update({ amount: 1200 });
    service.ledger.payments.get(known(id)[0]!.id)!.amount = 1200;
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(known(id)).toMatchObject([{ amount: 1000, authorized: 1000 }]);
  });

  it("initiates a payment that was canceled at its provider's, and shows it", async () => {
    const { id, line } = await anUnfollowedCart();
    const [payment] = known(id);
    payment!.status = "canceled";
    expect(await complete(id)).toMatchObject({
      status: 200,
      body: {
        type: "cart",
        payment_status: "pending",
        data: { payment_session: { amount: 2000, status: "pending", is_selected: true } },
      },
    });
    expect(known(id).map(({ amount, authorized }) => [amount, authorized])).toEqual([
      [1000, 0],
      [2000, 0],
    ]);
    service.clearFailureModes();
    const { body } = await shop.post(`/store/carts/${id}/line-items/${line}`, { quantity: 3 });
    expect(body.cart.payment_session.data.id).toBe(known(id)[1]?.id);
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 3000 } });
  });
});

describe("the provider hears", () => {
  const heard = (id: string) =>
    service.questions.findLast(({ step, resource_id }) => step === "update" && resource_id === id);

  it("of an e-mail, an address, and a customer who logs in", async () => {
    const { id } = await aCart();
    await shop.post(`/store/carts/${id}`, { email: "ny@example.com" });
    expect(heard(id)).toMatchObject({ email: "ny@example.com", customer: null });
    await shop.post(`/store/carts/${id}`, { billing_address: { city: "Bergen" } });
    expect(heard(id)).toMatchObject({ billing_address: { city: "Bergen" } });
    const ada = await aCustomer(shop.knex, { has_account: true });
    await shop.get(`/store/carts/${id}`, asCustomer(ada.id));
    expect(heard(id)).toMatchObject({ email: ada["email"], customer: { id: ada.id } });
  });

  it("nothing of who somebody says they are", async () => {
    const { id } = await aCart();
    const ada = await aCustomer(shop.knex, { has_account: true });
    await shop.post(`/store/carts/${id}`, { email: ada["email"] });
    expect(heard(id)).toMatchObject({ email: ada["email"], customer: null });
  });
});

describe("what is dropped is given back", () => {
  it("thrice, by emptying the cart", async () => {
    const { id, setup } = await aCart();
    for (const _ of [1, 2, 3]) {
      for (const { id: line } of (await read(id)).items)
        await shop.delete(`/store/carts/${id}/line-items/${line}`);
      const variant_id = setup.variantId;
      await shop.post(`/store/carts/${id}/line-items`, { variant_id, quantity: 1 });
      await shop.post(`/store/carts/${id}/payment-sessions`);
    }
    await expect.poll(() => known(id)).toHaveLength(1);
    expect((await complete(id)).body.type).toBe("order");
    expect(service.requestedSteps.filter((step) => step === "delete").length).toBeGreaterThan(2);
  });

  it.each(["its lines", "its sessions", "its region"])(
    "also a live payment that Medusa left on a cart that then loses %s",
    async (what) => {
      const { id, line } = await aCart();
      const [payment] = known(id);
      service.ledger.pay(id, "authorized");
      const data = { id: payment!.id };
      const row = { id: newId("pay"), cart_id: id, provider_id: "remote", amount: 1000 };
      await shop.knex("payment").insert({ ...row, currency_code: "eur", data });
      await shop.knex("cart").where({ id }).update({ payment_id: row.id });
      await shop.knex("payment_session").where({ cart_id: id }).update({ status: "authorized" });
      const other = await aShopSetup(shop.knex, { providers: ["remote"] });
      const changes: Readonly<Record<string, () => Promise<{ status: number }>>> = {
        "its lines": () => shop.delete(`/store/carts/${id}/line-items/${line}`),
        "its sessions": () => shop.delete(`/store/carts/${id}/payment-sessions/remote`),
        "its region": () => shop.post(`/store/carts/${id}`, { region_id: other.regionId }),
      };
      expect((await changes[what]!()).status).toBe(200);
      await expect.poll(() => payment).toMatchObject({ status: "canceled", canceled: 1000 });
      const after = await shop.knex("payment").where({ id: row.id }).first();
      expect(after.canceled_at).not.toBeNull();
    },
  );
});

describe("the migration", () => {
  it("marks what a former program may have left, and a completion follows it", async () => {
    const { id } = await aCart();
    const { id: done } = await aCart();
    expect((await complete(done)).body.type).toBe("order");
    const byHand = await aCart(["manual"]);
    await aPaymentSession(shop.knex, { cart_id: byHand.id, is_selected: null, data: {} }).catch(
      () => undefined,
    );
    await shop.knex.transaction((trx) => markSessions(trx));
    expect([await marks(id), await marks(done), await marks(byHand.id)]).toEqual([1, 0, 0]);
    service.ledger.payments.get(known(id)[0]!.id)!.amount = 700;
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(known(id)).toMatchObject([{ authorized: 1000 }]);
  });
});
