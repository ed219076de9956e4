import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releaseClosedCollectionsOnce } from "../../src/domains/payment-collections/release-closed-collections.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";
import "../support/to-be-refused.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const own = { payment: [remotePaymentProvider(service.url)] };
const shop = openShop({ providers: own, settings: { LOG_LEVEL: "silent" } });
beforeAll(() => {
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
});

type Collection = Awaited<ReturnType<typeof aPaymentCollection>>;

const aCollection = () => aPaymentCollection(shop.knex);
const decline = async ({ id }: Collection) =>
  expect((await shop.post(`/store/order-edits/${id}/decline`, {})).status).toBe(200);
const edit = (knex: Knex, { id }: Collection) => knex("order_edit").where({ id });
const paymentsOf = ({ collectionId }: Collection) =>
  [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === collectionId);
const waiting = ({ collectionId }: Collection) =>
  shop.knex("nettle_payment_release").where({ resource_id: collectionId, released_at: null });
const sweep = () => releaseClosedCollectionsOnce(shop.knex, createProviders(5, own));
const authorize = async ({ path }: Collection, session_ids: readonly string[]) =>
  shop.post(`${path}/sessions/batch/authorize`, { session_ids });
const received = { status: 200, body: { received: true } };

/** The ways in which an edit stops, or has not begun, to wait for its payment. */
const endings: Readonly<Record<string, (collection: Collection) => Promise<unknown>>> = {
  declined: decline,
  canceled: (collection) => edit(shop.knex, collection).update({ canceled_at: new Date() }),
  "not requested yet": (collection) => edit(shop.knex, collection).update({ requested_at: null }),
  confirmed: (collection) => edit(shop.knex, collection).update({ confirmed_at: new Date() }),
  "of a canceled order": ({ orderId }) =>
    shop.knex("order").where({ id: orderId }).update({ status: "canceled" }),
};

describe("the payment collection of an order edit", () => {
  it.each(Object.keys(endings))("takes no sessions if the edit is %s", async (ending) => {
    const collection = await aCollection();
    await endings[ending]!(collection);
    const { path } = collection;
    const batch = { sessions: [{ provider_id: "remote", amount: 1190 }] };
    expect(await shop.post(`${path}/sessions`, { provider_id: "remote" })).toBeRefused(400);
    expect(await shop.post(`${path}/sessions/batch`, batch)).toBeRefused(400);
    expect(paymentsOf(collection)).toEqual([]);
  });

  it.each(Object.keys(endings))("authorizes nothing if the edit is %s", async (ending) => {
    const collection = await aCollection();
    const ids = await setPaymentSessions(shop, collection.path);
    await endings[ending]!(collection);
    expect(await authorize(collection, ids)).toBeRefused(400);
    expect(await shop.post(`${collection.path}/sessions/${ids[0]}/authorize`)).toBeRefused(400);
    expect(await shop.post(`${collection.path}/sessions/${ids[0]}`)).toBeRefused(400);
    expect(paymentsOf(collection).map(({ authorized }) => authorized)).not.toContain(1190);
  });

  it.each(Object.keys(endings))(
    "releases what its provider reports as paid if the edit is %s",
    async (ending) => {
      for (const outcome of ["authorized", "captured"] as const) {
        const collection = await aCollection();
        await setPaymentSessions(shop, collection.path);
        service.setFailureMode({ step: "retrieve", kind: "error" });
        await endings[ending]!(collection);
        service.ledger.pay(collection.collectionId, outcome);
        await expect
          .poll(() => service.sendWebhook(collection.collectionId, outcome))
          .toEqual(received);
        const books =
          outcome === "authorized"
            ? { authorized: 1190, canceled: 1190 }
            : { captured: 1190, refunded: 1190 };
        const refunded = async () => {
          await waiting(collection).update({ next_try_at: new Date(0) });
          expect(await service.sendWebhook(collection.collectionId, outcome)).toEqual(received);
          return paymentsOf(collection);
        };
        await expect.poll(refunded, { interval: 300, timeout: 5000 }).toMatchObject([books]);
      }
    },
  );

  it.each([
    ["authorized", [1190]],
    ["authorized in two parts", [590, 600]],
    ["authorized in one of two parts", [590]],
    ["captured at once", [1190]],
  ] as const)("is released when the edit is declined after it was %s", async (how, parts) => {
    const collection = await aCollection();
    const amounts = how.includes("one of") ? [590, 600] : parts;
    const ids = await setPaymentSessions(shop, collection.path, amounts);
    if (how.includes("captured")) service.setFailureMode({ step: "authorize", kind: "capture" });
    expect((await authorize(collection, ids.slice(0, parts.length))).status).toBe(200);
    await decline(collection);
    await expect
      .poll(() => paymentsOf(collection).map((one) => one.authorized - one.canceled - one.refunded))
      .toEqual(parts.map(() => 0));
    await expect.poll(() => waiting(collection)).toEqual([]);
    const captured = how.includes("captured");
    const payments = await shop
      .knex("payment")
      .whereIn(
        "id",
        shop
          .knex("payment_collection_payments")
          .where({ payment_collection_id: collection.collectionId })
          .select("payment_id"),
      );
    for (const payment of payments)
      expect(payment).toMatchObject({
        canceled_at: expect.any(String),
        amount_refunded: captured ? 1190 : 0,
      });
    expect(await collectionState(shop, collection.path)).toMatchObject({ status: "canceled" });
  });

  it.each(["canceled", "of a canceled order"])(
    "is released by the next round when another program leaves the edit %s",
    async (ending) => {
      const collection = await aCollection();
      await authorize(collection, await setPaymentSessions(shop, collection.path));
      expect(paymentsOf(collection)).toMatchObject([{ authorized: 1190, canceled: 0 }]);
      await endings[ending]!(collection);
      await sweep();
      await expect.poll(() => paymentsOf(collection)).toMatchObject([{ canceled: 1190 }]);
      await sweep();
      await expect.poll(() => waiting(collection)).toEqual([]);
    },
  );

  it("releases what its provider reports as paid after it was deleted", async () => {
    const collection = await aCollection();
    const { collectionId: id } = collection;
    await setPaymentSessions(shop, collection.path);
    await shop.knex("payment_collection").where({ id }).update({ deleted_at: new Date() });
    const [paid] = paymentsOf(collection);
    service.ledger.pay(id, "captured");
    expect(await service.sendWebhook(id, "captured")).toMatchObject({ status: 409 });
    const data = { id: paid?.id };
    await expect.poll(() => service.sendWebhook(id, "captured", data)).toEqual(received);
    await expect
      .poll(() => paymentsOf(collection))
      .toMatchObject([{ captured: 1190, refunded: 1190 }]);
  });

  it("is released when the edit is declined while its provider works", async () => {
    const collection = await aCollection();
    const ids = await setPaymentSessions(shop, collection.path);
    service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 1500 });
    const authorized = authorize(collection, ids);
    await expect
      .poll(() => shop.knex("nettle_authorization").where({ session_id: ids[0] }))
      .toHaveLength(1);
    await decline(collection);
    await authorized;
    await expect
      .poll(() => paymentsOf(collection))
      .toMatchObject([{ authorized: 1190, canceled: 1190 }]);
    expect(await shop.knex("nettle_authorization").where({ session_id: ids[0] })).toEqual([]);
  });
});

describe("completing an order edit is refused", () => {
  it("when its order is canceled", async () => {
    const collection = await aCollection();
    await authorize(collection, await setPaymentSessions(shop, collection.path));
    await endings["of a canceled order"]!(collection);
    expect(await shop.post(`/store/order-edits/${collection.id}/complete`)).toBeRefused(400, {
      message: "Cannot complete an edit of an order that is canceled",
    });
  });

  it("when less was authorized than it costs", async () => {
    const collection = await aCollection();
    const { path, id, collectionId } = collection;
    await shop.knex("payment_collection").where({ id: collectionId }).update({ amount: 1000 });
    expect((await authorize(collection, await setPaymentSessions(shop, path, [1000]))).status).toBe(
      200,
    );
    expect(await shop.post(`/store/order-edits/${id}/complete`)).toBeRefused(400, {
      message: "Unable to complete an order edit that costs 1190 more: 1000 is authorized",
    });
    const { body } = await shop.get(`/store/order-edits/${id}`);
    expect(body.order_edit).toMatchObject({ status: "requested", difference_due: 1190 });
    await decline(collection);
    await expect.poll(() => paymentsOf(collection)).toMatchObject([{ canceled: 1000 }]);
  });

  it("when it costs more and has no payment collection", async () => {
    const collection = await aCollection();
    await edit(shop.knex, collection).update({ payment_collection_id: null });
    expect(await shop.post(`/store/order-edits/${collection.id}/complete`)).toBeRefused(400);
    const { body } = await shop.get(`/store/order-edits/${collection.id}`);
    expect(body.order_edit.confirmed_at).toBe(null);
  });
});
