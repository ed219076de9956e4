import { afterAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import "../support/to-be-refused.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const remote = remotePaymentProvider(service.url);
/** Wants to receive something with the next question about the customer. */
const metadataProvider = {
  ...remote,
  id: "with-metadata",
  initiate: async () => ({ data: {}, customer_metadata: { card: "4242" } }),
};
const shop = openShop({ providers: { payment: [remote, metadataProvider] } });

const unknown = "/store/payment-collections/paycol_00000000000000000000000000";
const part = (amount: unknown, session_id?: string, provider_id: unknown = "remote") => ({
  provider_id,
  amount,
  session_id,
});
const pending = () => [...service.ledger.payments.values()].map(({ amount }) => amount);

describe("setting the sessions of a payment collection is refused", () => {
  it("when the collection does not exist", async () => {
    const bodies = [
      ["/sessions", { provider_id: "remote" }],
      ["/sessions/batch", { sessions: [] }],
      ["/sessions/batch/authorize", { session_ids: [] }],
      ["/sessions/ps_1/authorize", {}],
    ] as const;
    for (const [path, body] of bodies)
      expect(await shop.post(`${unknown}${path}`, body)).toBeRefused(404, {
        message: "Payment collection with id paycol_00000000000000000000000000 was not found",
      });
    expect((await shop.get(unknown)).status).toBe(404);
  });

  it("when the region does not have the provider", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    expect(await shop.post(`${path}/sessions`, { provider_id: "with-metadata" })).toBeRefused(400, {
      type: "invalid_data",
      message: "Payment provider not found",
    });
  });

  it.each([
    ["less than the amount", [part(1000)]],
    ["more than it", [part(1190), part(1)]],
    ["nothing", []],
    ["all for a provider that the region does not have", [part(1190, undefined, "stripe")]],
  ])("when the amounts are %s", async (_, sessions) => {
    const { path } = await aPaymentCollection(shop.knex);
    const message = "The sum of sessions is not equal to 1190 on Payment Collection";
    expect(await shop.post(`${path}/sessions/batch`, { sessions })).toBeRefused(400, { message });
    expect(await collectionState(shop, path)).toMatchObject({ status: "not_paid", sessions: [] });
  });

  it.each([
    [{}, /^\{"message":"sessions must be one of: StorePostPaymentCollectionsSessionsReq"/],
    [{ sessions: "x" }, /an unknown value was passed/],
    [{ sessions: [1] }, /must be either object or array/],
    [
      { sessions: [{ provider_id: 1, amount: 1.5, extra: 1 }] },
      /property extra should not exist","provider_id must be a string"/,
    ],
    [{ sessions: [part(-1), part(1191)] }, /amount must not be less than 0/],
  ])("when the body is %j", async (body, message) => {
    const { path } = await aPaymentCollection(shop.knex);
    expect(await shop.post(`${path}/sessions/batch`, body)).toBeRefused(400, {
      type: "invalid_data",
      message,
    });
  });

  it("when one session is named twice", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const [one] = await setPaymentSessions(shop, path, [190, 1000]);
    expect(
      await shop.post(`${path}/sessions/batch`, { sessions: [part(190, one), part(1000, one)] }),
    ).toBeRefused(400, {
      message: "A payment session cannot be set twice",
    });
  });

  it("once a session is authorized", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path, [190, 1000]);
    await shop.post(`${path}/sessions/${session}/authorize`);
    const refusal = {
      message:
        "Cannot set payment sessions for a payment collection with status partially_authorized",
    };
    expect(await shop.post(`${path}/sessions`, { provider_id: "remote" })).toBeRefused(
      400,
      refusal,
    );
    expect(await shop.post(`${path}/sessions/batch`, { sessions: [part(1190)] })).toBeRefused(
      400,
      refusal,
    );
    expect(await shop.post(`${path}/sessions/${session}`)).toBeRefused(400, {
      type: "not_allowed",
    });
  });

  it("when the refreshed session belongs to another collection or none", async () => {
    const [mine, other] = [
      await aPaymentCollection(shop.knex),
      await aPaymentCollection(shop.knex),
    ];
    const [session] = await setPaymentSessions(shop, other.path);
    expect(await shop.post(`${mine.path}/sessions/${session}`)).toBeRefused(400, {
      message:
        `Payment Session ${session} does not belong to ` +
        `Payment Collection ${mine.collectionId}`,
    });
    expect(await shop.post(`${mine.path}/sessions/ps_nope`)).toBeRefused(404, {
      message: "Payment collection related to Payment Session id ps_nope was not found",
    });
  });

  it("when the provider fails", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    service.setFailureMode({ step: "initiate", kind: "error" });
    expect(await shop.post(`${path}/sessions`, { provider_id: "remote" })).toBeRefused(503, {
      code: "provider_failed",
    });
    expect(await collectionState(shop, path)).toMatchObject({ sessions: [] });
  });
});

describe("setting the sessions of a payment collection", () => {
  it("keeps the session for the whole amount", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const set = () => shop.post(`${path}/sessions`, { provider_id: "remote" });
    const [first, second] = [await set(), await set()];
    const idsOf = ({ body }: typeof first) =>
      body.payment_collection.payment_sessions.map(({ id }: { id: string }) => id);
    expect(idsOf(second)).toEqual(idsOf(first));
    const { payment_sessions, region } = first.body.payment_collection;
    expect(payment_sessions).toMatchObject([
      { amount: 1190, status: "pending", is_initiated: true, cart_id: null },
    ]);
    expect(payment_sessions[0].data.client_secret).toMatch(/^secret of /);
    expect(region.payment_providers).toMatchObject([{ id: "remote" }]);
    expect([...service.ledger.payments.values()].at(-1)).toMatchObject({
      resource_id: collectionId,
      amount: 1190,
    });
  });

  it("keeps named sessions, adds new ones and deletes the others at the provider", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const before = pending().length;
    const [one, two] = await setPaymentSessions(shop, path, [190, 1000]);
    const sessions = [part(890, two), part(300), part(5, undefined, "stripe")];
    const { body } = await shop.post(`${path}/sessions/batch`, { sessions });
    const [first, second] = body.payment_collection.payment_sessions;
    expect([first.id, first.amount, second.amount]).toEqual([two, 890, 300]);
    await expect.poll(() => pending().slice(before)).toEqual([890, 300]);
    expect(await shop.knex("payment_session").where({ id: one })).toEqual([]);
  });

  it("creates a new session for the id of another collection's", async () => {
    const [mine, other] = [
      await aPaymentCollection(shop.knex),
      await aPaymentCollection(shop.knex),
    ];
    const [session] = await setPaymentSessions(shop, other.path);
    const { body } = await shop.post(`${mine.path}/sessions/batch`, {
      sessions: [part(1190, session)],
    });
    expect(body.payment_collection.payment_sessions[0].id).not.toBe(session);
    expect(await collectionState(shop, other.path)).toMatchObject({ sessions: [1190] });
  });

  it("creates new sessions for unknown ids", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const sessions = [part(190, "ps_nope"), part(1000, "ps_nope")];
    const { status, body } = await shop.post(`${path}/sessions/batch`, { sessions });
    expect(status).toBe(200);
    expect(body.payment_collection.payment_sessions).toMatchObject([
      { amount: 190 },
      { amount: 1000 },
    ]);
  });

  it("refreshes one session and leaves the others", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const [one, two] = await setPaymentSessions(shop, path, [190, 1000]);
    const { body } = await shop.post(`${path}/sessions/${one}`);
    expect(body.payment_session).toMatchObject({ amount: 190, status: "pending" });
    expect(body.payment_session.id).not.toBe(one);
    expect((await collectionState(shop, path)).sessions.sort()).toEqual([1000, 190]);
    expect((await shop.post(`${path}/sessions/${one}/authorize`)).status).toBe(422);
    for (const id of [two, body.payment_session.id])
      expect((await shop.post(`${path}/sessions/${id}/authorize`)).status).toBe(200);
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      authorized_amount: 1190,
    });
  });

  it("leaves one session when it is requested many times at once", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => shop.post(`${path}/sessions`, { provider_id: "remote" })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await collectionState(shop, path)).toMatchObject({ sessions: [1190] });
  });

  it("returns the same response for the same Idempotency-Key", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const set = () =>
      shop.post(
        `${path}/sessions/batch`,
        { sessions: [part(1190)] },
        { "idempotency-key": "parts-1" },
      );
    const [first, second] = [await set(), await set()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body.payment_collection.payment_sessions).toMatchObject([{ amount: 1190 }]);
  });

  it("stores a provider's metadata only with the order's own customer", async () => {
    const storedOf = async (customer_id: string) =>
      (await shop.knex("nettle_provider_customer").where({ customer_id }).first("data"))?.data;
    const { path, customerId } = await aPaymentCollection(shop.knex, "with-metadata");
    const stranger = (await aCustomer(shop.knex)).id;
    const body = { sessions: [part(1190, undefined, "with-metadata")] };
    for (const id of [stranger, customerId])
      await shop.post(`${path}/sessions/batch`, body, asCustomer(id));
    expect(await storedOf(stranger)).toBeUndefined();
    expect(await storedOf(customerId)).toEqual({ card: "4242" });
  });
});

describe("reading a payment collection", () => {
  it("returns requested fields and relations, but no other orders", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const read = async (query: string) =>
      (await shop.get(`${path}?${query}`)).body.payment_collection;
    expect(await read("fields=id,region,amount&expand=")).toEqual({
      id: collectionId,
      amount: 1190,
    });
    expect(Object.keys(await read("fields=%2Bpayments")).sort()).toEqual([
      "amount",
      "currency_code",
      "description",
      "id",
      "metadata",
      "payment_sessions",
      "region",
      "status",
      "type",
    ]);
    expect(await read("fields=id&expand=payments.order,currency")).toMatchObject({
      payments: [],
      currency: { code: "eur" },
    });
    for (const path2 of ["payments.order.customer.orders", "foo"])
      expect(await shop.get(`${path}?expand=${path2}`)).toBeRefused(400, {
        message: `Requested fields [${path2}] are not valid`,
      });
    expect(await shop.get(`${path}?limit=2`)).toBeRefused(400, {
      message: "property limit should not exist",
    });
  });
});
