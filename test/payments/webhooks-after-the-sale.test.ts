import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCollection, setParts, stateOf } from "../payment-collections/a-collection.ts";
import { openShop, type Visitor } from "../support/open-shop.ts";
import { asCustomer } from "../support/order-builders.ts";
import { startPaymentService } from "../support/payment-service.ts";
import { remotePayment } from "../support/remote-payment-provider.ts";
import { aSentOrder, aStall, aSwap, swapOf } from "../swaps/a-swap.ts";

const service = await startPaymentService();
afterAll(() => service.close());
// Who comes after the sale must log in; a provider's server is asked for its signature alone.
const shop = openShop({ settings: { AFTER_SALE_LOGIN: "on" }, providers: { payment: [remotePayment(service.url)] } });
beforeAll(() => {
  service.hook = `${shop.url}/hooks/payment/remote`;
});
/** The customer of an order, logged in. */
const customer = (id: string): Visitor => ({
  get: (path) => shop.get(path, asCustomer(id)),
  post: (path, body) => shop.post(path, body, asCustomer(id)),
  delete: (path) => shop.delete(path, asCustomer(id)),
});
const received = { status: 200, body: { received: true } };
const told = (name: string, id: string) => shop.knex("nettle_outbox").where({ name }).whereRaw("data->>'id' = ?", id);

describe("a payment collection that is told of by its provider", () => {
  const begun = async () => {
    const collection = await aCollection(shop.knex);
    const owner = customer(collection.customerId);
    await setParts(owner, collection.path);
    const payments = () =>
      shop
        .knex("payment as p")
        .join("payment_collection_payments as t", "t.payment_id", "p.id")
        .where("t.payment_collection_id", collection.collectionId)
        .select("p.*");
    return { ...collection, owner, payments };
  };

  it("is authorized without its customer, once, whoever calls how often", async () => {
    const { collectionId, path, owner, payments } = await begun();
    const calls = Array.from({ length: 5 }, () => service.tell(collectionId, "authorized"));
    for (const answer of [await service.pay(collectionId, "authorized"), ...(await Promise.all(calls))])
      expect(answer).toEqual(received);
    expect(await stateOf(owner, path)).toMatchObject({ status: "authorized", authorized_amount: 1190, payments: [1190] });
    expect(await payments()).toMatchObject([{ captured_at: null }]);
  });

  it("is captured, once, and that is told", async () => {
    const { collectionId, payments } = await begun();
    for (let times = 0; times < 2; times++) expect(await service.pay(collectionId, "captured")).toEqual(received);
    const [payment] = await payments();
    expect(payment).toMatchObject({ captured_at: expect.any(String), data: { status: "captured" } });
    expect(await told("payment.payment_captured", payment.id)).toHaveLength(1);
  });

  it("says error when the payment failed, and stays open", async () => {
    const { collectionId, path, owner } = await begun();
    expect(await service.pay(collectionId, "failed")).toEqual(received);
    const { body } = await owner.get(`${path}?expand=payment_sessions`);
    expect(body.payment_collection).toMatchObject({ status: "not_paid", payment_sessions: [{ status: "error" }] });
    expect(await service.pay(collectionId, "authorized")).toEqual(received);
    expect(await service.tell(collectionId, "failed")).toEqual(received);
    expect(await stateOf(owner, path)).toMatchObject({ status: "authorized" });
  });

  it("is not captured where the provider says something else when it is asked, or has nothing to pay", async () => {
    const { collectionId, payments } = await begun();
    expect(await service.tell(collectionId, "captured")).toMatchObject({ status: 409 });
    expect(await payments()).toMatchObject([{ captured_at: null }]);
    const idle = await aCollection(shop.knex);
    expect(await service.tell(idle.collectionId, "captured")).toEqual(received);
  });
});

describe("the cart of a swap that is told of by its provider", () => {
  it("confirms the swap, and notes that its payment was captured with the swap, not with the order", async () => {
    const stall = await aStall(shop.knex, { providers: ["remote"] });
    const order = await aSentOrder(shop.knex, stall);
    const { id, cartId } = await aSwap(customer(order.customerId), swapOf(order, stall));
    await shop.knex("cart").where({ id: cartId }).update({ email: "gro@example.com" });
    for (let times = 0; times < 2; times++) expect(await service.pay(cartId, "captured")).toEqual(received);
    expect(await shop.knex("swap").where({ id }).first()).toMatchObject({
      payment_status: "captured",
      confirmed_at: expect.any(String),
    });
    expect(await told("swap.payment_captured", id)).toHaveLength(1);
    expect(await told("order.payment_captured", order.id)).toEqual([]);
  });
});
