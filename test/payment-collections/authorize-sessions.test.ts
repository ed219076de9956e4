import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { PaymentSessionAuthorizer } from "../../src/domains/payment-collections/payment-session-authorizer.ts";
import { resumeAuthorizationsOnce } from "../../src/domains/payment-collections/resume-authorizations.ts";
import { Events } from "../../src/events/events.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { everyEventHeard } from "../support/every-event.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import "../support/to-be-refused.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });

const authorize = (path: string, session: string | undefined) =>
  shop.post(`${path}/sessions/${session}/authorize`);
const authorizeAll = (path: string, session_ids: unknown) =>
  shop.post(`${path}/sessions/batch/authorize`, { session_ids });
/** Runs one round of a process's background loop. */
const runSweep = () => {
  const providers = createProviders(5, { payment: [remotePaymentProvider(service.url)] });
  const [events, log] = [new Events(everyEventHeard, false), pino({ level: "silent" })];
  const authorizer = new PaymentSessionAuthorizer({ database: shop.knex, providers, events, log });
  return resumeAuthorizationsOnce(shop.knex, authorizer, log, 0);
};
const attempts = () => shop.knex("nettle_authorization");
const authorizedEvents = (id: string) =>
  shop
    .knex("nettle_delivery")
    .where({ name: "payment-collection.payment_authorized" })
    .whereRaw("data->>'id' = ?", [id]);

describe("authorizing sessions of a payment collection is refused", () => {
  it("when it has none", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const message = "You cannot complete a Payment Collection without a payment session.";
    expect(await authorizeAll(path, [])).toBeRefused(400, { type: "not_allowed", message });
    expect(await authorize(path, "ps_nope")).toBeRefused(400, { message });
  });

  it("when it is for more than is due by now", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const ids = await setPaymentSessions(shop, path, [590, 600]);
    const { authorized } = service.ledger.totals();
    await shop.knex("payment_collection").where({ id: collectionId }).update({ amount: 1000 });
    const message =
      "The payment sessions are for 1190, but only 1000 is due. Set the sessions again";
    expect(await authorizeAll(path, ids)).toBeRefused(400, { type: "not_allowed", message });
    expect((await authorize(path, ids[0])).status).toBe(200);
    expect(await authorize(path, ids[1])).toBeRefused(400, { message });
    expect(service.ledger.totals().authorized).toBe(authorized + 590);
  });

  it("when the session belongs to another collection", async () => {
    const [mine, other] = [
      await aPaymentCollection(shop.knex),
      await aPaymentCollection(shop.knex),
    ];
    await setPaymentSessions(shop, mine.path);
    const [foreign] = await setPaymentSessions(shop, other.path);
    const { authorized } = service.ledger.totals();
    const message = `Failed to authorize Payment Session id "${mine.collectionId}"`;
    expect(await authorize(mine.path, foreign)).toBeRefused(422, {
      type: "payment_authorization_error",
      message,
    });
    const { body } = await authorizeAll(mine.path, [foreign]);
    expect(body.payment_collection).toMatchObject({
      status: "awaiting",
      authorized_amount: 0,
      payments: [],
    });
    expect(await collectionState(shop, other.path)).toMatchObject({ status: "not_paid" });
    expect(service.ledger.totals().authorized).toBe(authorized);
  });

  it.each([
    [{}, "each value in session_ids must be a string, session_ids must be an array"],
    [{ session_ids: "ps_1" }, "session_ids must be an array"],
    [{ session_ids: [1] }, "each value in session_ids must be a string"],
    [{ session_ids: [], extra: 1 }, "property extra should not exist"],
  ])("when the body is %j", async (body, message) => {
    const { path } = await aPaymentCollection(shop.knex);
    expect(await shop.post(`${path}/sessions/batch/authorize`, body)).toBeRefused(400, {
      type: "invalid_data",
      message,
    });
  });

  it.each([
    ["decline", "error"],
    ["requires_more", "requires_more"],
  ] as const)("when the provider answers %s, until a retry succeeds", async (kind, status) => {
    const { path } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    service.setFailureMode({ step: "authorize", kind });
    expect(await authorize(path, session)).toBeRefused(422, {
      type: "payment_authorization_error",
    });
    expect(await shop.knex("payment_session").where({ id: session }).first()).toMatchObject({
      status,
    });
    expect(await collectionState(shop, path)).toMatchObject({
      status: "awaiting",
      authorized_amount: 0,
    });
    expect((await authorize(path, session)).status).toBe(200);
    expect(await attempts()).toEqual([]);
  });
});

describe("authorizing sessions of a payment collection", () => {
  it("adds up the amounts and creates a payment for each session", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const [one, two] = await setPaymentSessions(shop, path, [190, 1000]);
    const first = await authorizeAll(path, [one, "ps_nope"]);
    expect(first.body.payment_collection).toMatchObject({
      status: "partially_authorized",
      authorized_amount: 190,
    });
    expect(first.body.payment_collection.payments).toMatchObject([
      { amount: 190, provider_id: "remote", order_id: null },
    ]);
    expect((await authorize(path, two)).body.payment_session).toMatchObject({
      id: two,
      status: "authorized",
      amount: 1000,
    });
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      authorized_amount: 1190,
      payments: [190, 1000],
    });
    expect((await authorize(path, two)).status).toBe(200);
    expect(await authorizedEvents(collectionId)).toHaveLength(2);
  });

  it("needs no session when nothing is due", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    await shop.knex("payment_collection").where({ id: collectionId }).update({ amount: 0 });
    expect((await authorizeAll(path, [])).body.payment_collection).toMatchObject({
      status: "authorized",
      authorized_amount: 0,
    });
  });

  it.each(["drop_response", "error", "invalid_response"] as const)(
    "continues after the provider failed with %s: one payment",
    async (kind) => {
      const { path } = await aPaymentCollection(shop.knex);
      const [session] = await setPaymentSessions(shop, path);
      const { authorized } = service.ledger.totals();
      service.setFailureMode({ step: "authorize", kind });
      expect((await authorize(path, session)).status).toBe(503);
      expect(await collectionState(shop, path)).toMatchObject({ status: "not_paid", payments: [] });
      expect((await authorize(path, session)).status).toBe(200);
      expect(await collectionState(shop, path)).toMatchObject({
        status: "authorized",
        payments: [1190],
      });
      expect(service.ledger.totals().authorized).toBe(authorized + 1190);
    },
  );

  it("records the sessions that were answered when another answer is lost", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const ids = await setPaymentSessions(shop, path, [190, 1000]);
    const { authorized } = service.ledger.totals();
    await authorizeAll(path, [ids[0]]);
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    expect((await authorizeAll(path, ids)).status).toBe(503);
    expect(await collectionState(shop, path)).toMatchObject({
      status: "partially_authorized",
      payments: [190],
    });
    await runSweep();
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      payments: [190, 1000],
    });
    expect(service.ledger.totals().authorized).toBe(authorized + 1190);
  });

  it.each([
    ["authorized", { authorized: 1190, canceled: 1190 }],
    ["captured", { captured: 1190, refunded: 1190 }],
  ] as const)("releases what the provider %s though it declines", async (outcome, books) => {
    for (const request of [authorize, authorizeAll]) {
      const { path, collectionId } = await aPaymentCollection(shop.knex);
      const [session] = await setPaymentSessions(shop, path);
      service.ledger.pay(collectionId, outcome);
      service.setFailureMode({ step: "authorize", kind: "decline" });
      const asked = request === authorize ? session : [session];
      const { status } = await request(path, asked as string);
      expect(status).toBe(request === authorize ? 422 : 200);
      await expect
        .poll(() =>
          [...service.ledger.payments.values()].find((one) => one.resource_id === collectionId),
        )
        .toMatchObject(books);
      expect(await collectionState(shop, path)).toMatchObject({ payments: [] });
      const again = await shop.post(`${path}/sessions/${session}`);
      expect(again.status, again.text).toBe(200);
      const fresh = again.body.payment_session.id;
      expect((await authorize(path, fresh)).body.payment_session.status).toBe("authorized");
      expect(await collectionState(shop, path)).toMatchObject({ payments: [1190] });
    }
  });

  it("pays once when it is requested thirty times at once", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    const { authorized } = service.ledger.totals();
    service.setFailureMode({ step: "authorize", kind: "slow" });
    const answers = await Promise.all(Array.from({ length: 30 }, () => authorize(path, session)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      payments: [1190],
    });
    expect(service.ledger.totals().authorized).toBe(authorized + 1190);
    expect(await authorizedEvents(collectionId)).toHaveLength(1);
  });
});

describe("an interrupted authorization", () => {
  it("is recorded by the background loop", async () => {
    const { path, id } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    expect((await authorize(path, session)).status).toBe(503);
    await runSweep();
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      payments: [1190],
    });
    expect((await shop.post(`/store/order-edits/${id}/complete`)).status).toBe(200);
    expect(await attempts()).toEqual([]);
  });

  it.each(["set", "refreshed"])("is recorded before its session may be %s", async (what) => {
    const { path } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    await authorize(path, session);
    const [step, body] = what === "set" ? ["", { provider_id: "remote" }] : [`/${session}`, {}];
    expect((await shop.post(`${path}/sessions${step}`, body)).status).toBe(400);
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      payments: [1190],
      sessions: [1190],
    });
  });

  it("is voided when its session was deleted", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    const { held } = service.ledger.totals();
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    await authorize(path, session);
    await shop.knex("payment_session").where({ id: session }).delete();
    service.setFailureMode({ step: "cancel", kind: "error" });
    await runSweep();
    const waiting = shop.knex("nettle_payment_release").whereNull("released_at");
    await expect.poll(async () => (await waiting.clone())[0]?.tries).toBe(1);
    expect(service.ledger.totals().held).toBe(held + 1190);
    expect(await attempts()).toEqual([]);
    const another = await aPaymentCollection(shop.knex);
    await waiting.clone().update({ next_try_at: new Date(0) });
    await setPaymentSessions(shop, another.path);
    await shop.post(`${another.path}/sessions`, { provider_id: "remote" });
    await shop.post(`/store/order-edits/${another.id}/decline`, {});
    await expect.poll(() => service.ledger.totals().held).toBe(held);
    expect(await collectionState(shop, path)).toMatchObject({ payments: [] });
  });

  it("is refunded when its session was deleted and the money captured", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    const { netCaptured, refunded } = service.ledger.totals();
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    await authorize(path, session);
    service.ledger.pay(collectionId, "captured");
    await shop.knex("payment_session").where({ id: session }).delete();
    await runSweep();
    await expect
      .poll(() => service.ledger.totals())
      .toMatchObject({ netCaptured, refunded: refunded + 1190 });
    expect(await attempts()).toEqual([]);
  });

  it("is abandoned after the last try, and its session can be refreshed", async () => {
    const { path } = await aPaymentCollection(shop.knex);
    const [session] = await setPaymentSessions(shop, path);
    const { data } = await shop.knex("payment_session").where({ id: session }).first("data");
    service.ledger.perform("delete", { data });
    expect((await authorize(path, session)).status).toBe(503);
    await runSweep();
    expect(await attempts()).toHaveLength(1);
    await shop
      .knex("nettle_authorization")
      .update({ tries: 10, claimed_until: shop.knex.raw("now() - interval '1 day'") });
    await runSweep();
    expect(await attempts()).toEqual([]);
    expect(await shop.knex("payment_session").where({ id: session })).toMatchObject([
      { status: "canceled" },
    ]);
    const { body } = await shop.post(`${path}/sessions/${session}`);
    expect((await authorize(path, body.payment_session.id)).body).toMatchObject({
      payment_session: { status: "authorized" },
    });
  });
});
