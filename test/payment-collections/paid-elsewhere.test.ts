import { afterAll, beforeAll, expect, it } from "vitest";
import { openShop } from "../support/open-shop.ts";
import { asCustomer } from "../support/order-builders.ts";
import { startPaymentService } from "../support/payment-service.ts";
import { remotePayment } from "../support/remote-payment-provider.ts";
import { aCollection, setParts, stateOf } from "./a-collection.ts";

/** The customer pays on the provider's own page and never comes back: the provider's server tells the shop. */
const service = await startPaymentService();
afterAll(() => service.close());
const shop = openShop({ settings: { AFTER_SALE_LOGIN: "on" }, providers: { payment: [remotePayment(service.url)] } });
const guests = openShop({ providers: { payment: [remotePayment(service.url)] } });
beforeAll(() => {
  service.hook = `${guests.url}/hooks/payment/remote`;
});

const received = { status: 200, body: { received: true } };
const state = (path: string) => stateOf(guests, path);

it("a collection that is paid there is authorized here, once, however often it is told", async () => {
  const { path, collectionId, id } = await aCollection(guests.knex);
  await setParts(guests, path);
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  const told = await Promise.all(Array.from({ length: 5 }, () => service.tell(collectionId, "authorized")));
  expect(told).toEqual(told.map(() => received));
  expect(await state(path)).toMatchObject({ status: "authorized", payments: [1190] });
  expect((await guests.post(`/store/order-edits/${id}/complete`)).status).toBe(200);
});

it("a payment that is taken there is noted, and its order follows", async () => {
  const { path, collectionId, id, orderId } = await aCollection(guests.knex);
  await setParts(guests, path);
  expect(await service.pay(collectionId, "captured")).toEqual(received);
  await guests.post(`/store/order-edits/${id}/complete`);
  const [payment] = await guests.knex("payment").where({ order_id: orderId, amount: 1190 });
  expect(payment).toMatchObject({ captured_at: expect.any(String), data: { status: "captured" } });
});

it("what failed there says so, and may be tried again", async () => {
  const { path, collectionId } = await aCollection(guests.knex);
  const [session] = await setParts(guests, path);
  expect(await service.pay(collectionId, "failed")).toEqual(received);
  expect(await guests.knex("payment_session").where({ id: session }).first("status")).toEqual({ status: "error" });
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  expect(await state(path)).toMatchObject({ status: "authorized" });
});

it("what the provider does not say when it is asked is not believed", async () => {
  const { path, collectionId } = await aCollection(guests.knex);
  await setParts(guests, path);
  for (const event of ["authorized", "captured"] as const)
    expect(await service.tell(collectionId, event)).toMatchObject({ status: 409, body: { type: "conflict" } });
  expect(await service.tell(collectionId, "failed")).toEqual(received);
  expect(await state(path)).toMatchObject({ status: "not_paid", payments: [] });
});

it("needs no login where the shop asks customers for one", async () => {
  const { path, collectionId, customerId } = await aCollection(shop.knex);
  await shop.post(`${path}/sessions`, { provider_id: "remote" }, asCustomer(customerId));
  service.hook = `${shop.url}/hooks/payment/remote`;
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  expect(await stateOf(shop, path)).toMatchObject({ status: "authorized", payments: [1190] });
});
