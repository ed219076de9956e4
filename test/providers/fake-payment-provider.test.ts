import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../src/providers/provider-kind.ts";
import { createProviders } from "../../src/providers/providers.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { signatureOf } from "../support/webhook-signature.ts";

let service: FakePaymentProvider;
let remote: WrappedProvider<PaymentProvider>;
beforeAll(async () => {
  service = await startFakePaymentProvider();
  remote = createProviders(0.5, { payment: [remotePaymentProvider(service.url)] }).payment.get(
    "remote",
  );
});
afterAll(() => service.close());
beforeEach(() => service.ledger.payments.clear());

let keys = 0;
const begin = async (amount = 1000) => {
  const question = {
    resource_id: "cart_1",
    amount,
    currency_code: "eur",
    email: null,
    customer: null,
    billing_address: null,
  };
  const { data } = await remote.initiate({
    ...question,
    context: {},
    data: {},
    idempotency_key: `begin ${++keys}`,
  });
  return (wanted = amount, key = `step ${++keys}`) => ({
    resource_id: "cart_1",
    amount: wanted,
    currency_code: "eur",
    context: {},
    data,
    idempotency_key: key,
  });
};
const totals = () => service.ledger.totals();

describe("the fake payment provider", () => {
  it.each([
    ["error", "provider_failed"],
    ["timeout", "provider_timeout"],
  ] as const)("authorizes nothing with the failure mode %s", async (how, code) => {
    const step = await begin();
    service.setFailureMode({ step: "authorize", kind: how });
    await expect(remote.authorize(step())).rejects.toMatchObject({ code });
    expect(totals()).toMatchObject({ authorized: 0 });
  });

  it("has authorized once when its answer is dropped and the request repeated", async () => {
    const step = await begin();
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    const question = step();
    await expect(remote.authorize(question)).rejects.toMatchObject({ code: "provider_failed" });
    expect(await remote.retrieve({ data: question.data })).toMatchObject({ status: "authorized" });
    expect(await remote.authorize(question)).toMatchObject({ status: "authorized" });
    expect(totals()).toMatchObject({ authorized: 1000, held: 1000 });
  });

  it("is not believed with an invalid response", async () => {
    const step = await begin();
    service.setFailureMode({ step: "authorize", kind: "invalid_response" });
    await expect(remote.authorize(step())).rejects.toMatchObject({ code: "provider_nonsense" });
  });

  it("declines and requires more as often as it is set to", async () => {
    const step = await begin();
    service.setFailureMode({ step: "authorize", kind: "decline" });
    service.setFailureMode({ step: "authorize", kind: "requires_more", times: 2 });
    const answers = [];
    for (let time = 0; time < 4; time++) answers.push((await remote.authorize(step())).status);
    expect(answers).toEqual(["error", "requires_more", "requires_more", "authorized"]);
  });

  it("is waited for when it is slow", async () => {
    const step = await begin();
    service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 200 });
    expect(await remote.authorize(step())).toMatchObject({ status: "authorized" });
  });

  it("is unavailable after it was closed", async () => {
    const gone = await startFakePaymentProvider();
    await gone.close();
    const provider = createProviders(1, { payment: [remotePaymentProvider(gone.url)] }).payment.get(
      "remote",
    );
    await expect(provider.retrieve({ data: {} })).rejects.toMatchObject({
      code: "provider_failed",
    });
  });
});

describe("its ledger", () => {
  it("adds up through every step", async () => {
    const step = await begin();
    expect(await remote.authorize(step())).toMatchObject({ status: "authorized" });
    await remote.capture!(step(700));
    await remote.refund(step(200, "refund"));
    await remote.refund(step(200, "refund"));
    expect(totals()).toEqual({
      authorized: 1000,
      captured: 700,
      canceled: 0,
      refunded: 200,
      held: 300,
      netCaptured: 500,
    });
    await expect(remote.refund(step(600))).rejects.toMatchObject({ code: "provider_failed" });
    await expect(remote.cancel(step())).rejects.toMatchObject({ code: "provider_failed" });
    await expect(remote.delete(step())).rejects.toMatchObject({ code: "provider_failed" });
  });

  it("releases canceled payments and removes deleted ones", async () => {
    const step = await begin();
    await remote.authorize(step());
    expect(await remote.cancel(step())).toMatchObject({ data: { status: "canceled" } });
    expect(totals()).toMatchObject({ authorized: 1000, canceled: 1000, held: 0 });
    await remote.delete(await begin().then((other) => other()));
    expect(service.ledger.payments.size).toBe(1);
  });

  it("authorizes only the amount of the payment", async () => {
    const step = await begin();
    expect((await remote.authorize(step(1))).status).toBe("error");
  });
});

describe("an optional method", () => {
  it("webhook checks the signature", async () => {
    const body = JSON.stringify({ event: "authorized", resource_id: "cart_1" });
    expect(
      await remote.webhook!({ headers: { "x-signature": signatureOf(body) }, body }),
    ).toMatchObject({ event: "authorized" });
    const forged = signatureOf(body, "a guess");
    await expect(
      remote.webhook!({ headers: { "x-signature": forged }, body }),
    ).rejects.toMatchObject({ type: "not_allowed" });
    await expect(remote.webhook!({ headers: {}, body })).rejects.toMatchObject({
      type: "not_allowed",
    });
    const { payment } = createProviders(1);
    expect([payment.get("manual").webhook, payment.get("manual").savedMethods]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("savedMethods returns those of the customer", async () => {
    const customer = { id: "cus_1", email: "ada@example.com", metadata: null };
    expect(await remote.savedMethods!({ customer })).toEqual([
      { data: { id: "card_cus_1", last4: "4242" } },
    ]);
  });
});
