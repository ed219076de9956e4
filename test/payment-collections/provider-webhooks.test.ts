import { afterAll, beforeAll, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";

/** The customer pays on the provider's own page and never returns; the provider sends a webhook. */
const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  settings: { AFTER_SALE_LOGIN: "on" },
  providers: { payment: [remotePaymentProvider(service.url)] },
});
const guests = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });
beforeAll(() => {
  service.webhookUrl = `${guests.url}/hooks/payment/remote`;
});

const received = { status: 200, body: { received: true } };
const state = (path: string) => collectionState(guests, path);

it("authorizes the collection once, however often the webhook is sent", async () => {
  const { path, collectionId, id } = await aPaymentCollection(guests.knex);
  await setPaymentSessions(guests, path);
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => service.sendWebhook(collectionId, "authorized")),
  );
  expect(responses).toEqual(responses.map(() => received));
  expect(await state(path)).toMatchObject({ status: "authorized", payments: [1190] });
  expect((await guests.post(`/store/order-edits/${id}/complete`)).status).toBe(200);
});

it("records a capture, which the order edit moves to the order", async () => {
  const { path, collectionId, id, orderId } = await aPaymentCollection(guests.knex);
  await setPaymentSessions(guests, path);
  expect(await service.pay(collectionId, "captured")).toEqual(received);
  await guests.post(`/store/order-edits/${id}/complete`);
  const [payment] = await guests.knex("payment").where({ order_id: orderId, amount: 1190 });
  expect(payment).toMatchObject({ captured_at: expect.any(String), data: { status: "captured" } });
});

it("records a failure, which a retry can follow", async () => {
  const { path, collectionId } = await aPaymentCollection(guests.knex);
  const [session] = await setPaymentSessions(guests, path);
  expect(await service.pay(collectionId, "failed")).toEqual(received);
  expect(await guests.knex("payment_session").where({ id: session }).first("status")).toEqual({
    status: "error",
  });
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  expect(await state(path)).toMatchObject({ status: "authorized" });
});

it("does not believe a webhook that the provider does not confirm", async () => {
  const { path, collectionId } = await aPaymentCollection(guests.knex);
  await setPaymentSessions(guests, path);
  for (const event of ["authorized", "captured"] as const)
    expect(await service.sendWebhook(collectionId, event)).toMatchObject({
      status: 409,
      body: { type: "conflict" },
    });
  expect(await service.sendWebhook(collectionId, "failed")).toEqual(received);
  expect(await state(path)).toMatchObject({ status: "not_paid", payments: [] });
});

it("needs no login with AFTER_SALE_LOGIN", async () => {
  const { path, collectionId, customerId } = await aPaymentCollection(shop.knex);
  await shop.post(`${path}/sessions`, { provider_id: "remote" }, asCustomer(customerId));
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
  expect(await service.pay(collectionId, "authorized")).toEqual(received);
  expect(await collectionState(shop, path)).toMatchObject({
    status: "authorized",
    payments: [1190],
  });
});
