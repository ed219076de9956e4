import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { checkProviders } from "../../src/providers/contract/check-providers.ts";
import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { type SoundPaymentProvider, soundPaymentProvider } from "./sound-payment-provider.ts";

type Broken = (sound: SoundPaymentProvider) => Partial<PaymentProvider>;

/** Returns the checks that a provider with something broken fails, with the reasons. */
async function failuresOf(broken: Broken, seconds = 5) {
  const sound = soundPaymentProvider();
  const provider = { ...sound.provider, ...broken(sound) };
  const [report] = await checkProviders(
    { payment: [provider] },
    { seconds, support: sound.support },
  );
  return report!.checks.filter(({ outcome }) => outcome === "failed");
}

let keys = 0;
/** A question as if it had never been asked before. */
const asNew = <Q extends { readonly idempotency_key: string }>(question: Q): Q => ({
  ...question,
  idempotency_key: `another-${++keys}`,
});

const BROKEN: [string, Broken, RegExp, RegExp][] = [
  [
    "initiates two payments for one key",
    ({ provider }) => ({ initiate: (question, at) => provider.initiate(asNew(question), at) }),
    /^initiate with a key that it has had/,
    /^initiate's data\.\w+ was .*pay_\d+ and then .*pay_\d+$/,
  ],
  [
    "initiates two payments for two questions at once",
    ({ provider }) => {
      const seen = new Set<string>();
      return {
        initiate: async (question, at) => {
          const isKnown = seen.has(question.idempotency_key);
          await sleep(5);
          seen.add(question.idempotency_key);
          return provider.initiate(isKnown ? question : asNew(question), at);
        },
      };
    },
    /^initiate twice at once/,
    /pay_/,
  ],
  [
    "holds the amount twice for one key",
    ({ provider, ledger }) => ({
      authorize: async (question, at) => {
        const payment = ledger.payments.get(String(question.data["id"]))!;
        const held = payment?.authorized ?? 0;
        const answer = await provider.authorize(question, at);
        if (held > 0) payment.authorized = held + question.amount;
        return answer;
      },
    }),
    /^authorize with a key that it has had/,
    /^The payment holds 4000 instead of 2000 after two calls of authorize$/,
  ],
  [
    "captures twice for one key",
    ({ provider, ledger }) => ({
      capture: async (question, at) => {
        const payment = ledger.payments.get(String(question.data["id"]))!;
        const captured = payment.captured;
        const answer = await provider.capture!(question, at);
        if (captured > 0) payment.captured = captured + question.amount;
        return answer;
      },
    }),
    /^capture with a key that it has had/,
    /^The payment holds 4000 instead of 2000 after two calls of capture$/,
  ],
  [
    "refunds twice for one key",
    ({ provider }) => ({ refund: (question, at) => provider.refund(asNew(question), at) }),
    /^refund with a key that it has had/,
    /^What the payment holds was 1500 and then 1000$/,
  ],
  [
    "refunds more than it captured",
    () => ({ refund: ({ data }) => ({ data }) }),
    /^refund does not return more/,
    /^refund was successful for more than was captured$/,
  ],
  [
    "forgets its data in update",
    () => ({ update: () => ({ data: {} }) }),
    /^update changes the amount/,
    / threw: There is no such payment$/,
  ],
  [
    "keeps the amount in update",
    () => ({ update: ({ data }) => ({ data }) }),
    /^update changes the amount/,
    /^authorize answered error for what was paid$/,
  ],
  [
    "finds a payment only by what authorize has returned",
    ({ provider, ledger }) => ({
      authorize: async (question, at) => {
        const answer = await provider.authorize(question, at);
        return { ...answer, data: { ...answer.data, charge: "ch_1" } };
      },
      retrieve: ({ data }, at) =>
        data["charge"]
          ? provider.retrieve({ data }, at)
          : { status: "pending", data: { id: [...ledger.payments.keys()][0]! } },
    }),
    /^When the answer of authorize is lost/,
    /^retrieve answered pending after authorize answered authorized$/,
  ],
  [
    "says that a payment is authorized before it is",
    ({ provider }) => ({
      retrieve: async (question, at) => ({
        ...(await provider.retrieve(question, at)),
        status: "authorized",
      }),
    }),
    /^retrieve knows a payment that was initiated/,
    /^retrieve answered authorized before/,
  ],
  [
    "answers in fractions",
    ({ provider }) => ({
      retrieve: async (question, at) => ({
        ...(await provider.retrieve(question, at)),
        amount: 19.99,
      }),
    }),
    /^authorize holds the amount/,
    /^retrieve answered what the interface does not allow: amount: .*int/,
  ],
  [
    "answers in another unit",
    ({ provider, support }) => {
      Object.assign(support, { payment: { ...support.payment, balance: undefined } });
      return {
        retrieve: async (question, at) => {
          const answer = await provider.retrieve(question, at);
          return { ...answer, amount: (answer.amount ?? 0) / 100 };
        },
      };
    },
    /^authorize holds the amount/,
    /^The payment holds 20 instead of 2000 after authorize$/,
  ],
  [
    "has a status of its own",
    () => ({ authorize: ({ data }) => ({ status: "paid" as never, data }) }),
    /^authorize holds the amount/,
    /^authorize answered what the interface does not allow: status: /,
  ],
  [
    "hangs",
    () => ({ cancel: () => new Promise<never>(() => undefined) }),
    /^Each method answers in time/,
    /^There was no answer within 0\.2 seconds: cancel$/,
  ],
  [
    "throws texts",
    () => ({
      refund: () => {
        throw "No money";
      },
    }),
    /^What it throws is an Error/,
    /^refund threw No money$/,
  ],
  [
    "answers dates",
    ({ provider }) => ({
      initiate: async (question, at) => {
        const { data } = await provider.initiate(question, at);
        return { data: { ...data, expires: new Date(0) } };
      },
    }),
    /^Its answers are plain data/,
    /^initiate\.data\.expires is a Date$/,
  ],
  [
    "says that it is pure, and asks a service",
    () => ({ pure: true }),
    /^A provider with `pure: true` answers at once/,
    /^These methods return a promise: initiate/,
  ],
  [
    "lets the shopper name the payment",
    () => ({ updateData: ({ data, posted }) => ({ data: { ...data, ...posted } }) }),
    /^updateData does not let a shopper name/,
    /^data\.id was pay_\d+ and then forged$/,
  ],
  [
    "authorizes what was canceled",
    ({ provider, ledger }) => ({
      authorize: async (question, at) => {
        const payment = ledger.payments.get(String(question.data["id"]));
        if (payment?.status === "canceled") payment.status = "pending";
        return provider.authorize(question, at);
      },
    }),
    /^A payment that was canceled is not authorized/,
    /^authorize answered authorized after cancel$/,
  ],
  [
    "says that it has canceled what it captured",
    ({ provider, ledger }) => ({
      cancel: (question, at) =>
        (ledger.payments.get(String(question.data["id"]))?.captured ?? 0) > 0
          ? { data: question.data }
          : provider.cancel(question, at),
    }),
    /^cancel after capture is refused, or returns the money/,
    /^cancel was successful, and the payment is still captured$/,
  ],
  [
    "does not cancel",
    () => ({ cancel: ({ data }) => ({ data }) }),
    /^cancel voids what is held/,
    /^retrieve's status was authorized instead of canceled$/,
  ],
  [
    "cannot delete twice",
    ({ provider, ledger }) => ({
      delete: (question, at) => {
        if (!ledger.payments.has(String(question.data["id"]))) throw new Error("It is gone");
        return provider.delete(question, at);
      },
    }),
    /^delete ends a payment/,
    / threw: It is gone$/,
  ],
  [
    "authorizes what was deleted",
    ({ provider }) => ({ delete: () => undefined, authorize: provider.authorize }),
    /^delete ends a payment/,
    /^authorize answered authorized for a payment that was deleted$/,
  ],
  [
    "remembers the last payment only",
    ({ provider }) => {
      let last: Readonly<Record<string, unknown>> = {};
      return {
        initiate: async (question, at) => {
          const answer = await provider.initiate(question, at);
          last = answer.data;
          return answer;
        },
        authorize: (question, at) => provider.authorize({ ...question, data: last }, at),
      };
    },
    /^Payments of two carts are kept apart/,
    /error|authorized/,
  ],
  [
    "needs a customer's e-mail",
    ({ provider }) => ({
      initiate: (question, at) => {
        if (question.email === null) throw new Error("There is no e-mail");
        return provider.initiate(question, at);
      },
    }),
    /^A payment is initiated for a guest/,
    / threw: There is no e-mail$/,
  ],
  [
    "lists no methods of a stranger",
    () => ({
      savedMethods: () => {
        throw new Error("No such customer");
      },
    }),
    /^savedMethods answers for a customer that it does not know/,
    / threw: No such customer$/,
  ],
  [
    "believes calls that nobody signed",
    () => ({
      webhook: ({ body }) => {
        const { event, resource_id } = JSON.parse(body);
        return { event, resource_id };
      },
    }),
    /^webhook refuses a call that is not signed/,
    /^webhook answered captured to a call without a signature$/,
  ],
  [
    "believes a signed call whose body was changed",
    ({ provider }) => ({
      webhook: ({ headers, body }, at) => provider.webhook!({ headers, body: body.trim() }, at),
    }),
    /^webhook refuses a signed call whose body was changed/,
    /^webhook answered captured to a call whose body was changed$/,
  ],
  [
    "does not say which cart a call is about",
    ({ provider }) => ({
      webhook: async (call, at) => ({
        ...(await provider.webhook!(call, at)),
        resource_id: "cart_of_another",
      }),
    }),
    /^webhook says which payment a signed call is about/,
    /^The event's resource_id was cart_of_another instead of cart_\w+$/,
  ],
];

describe("a payment provider breaks the contract that", () => {
  it("forgets its payments when it is restarted", async () => {
    const [report] = await checkProviders(
      { payment: [soundPaymentProvider().provider] },
      { seconds: 5, elsewhere: { payment: [soundPaymentProvider().provider] } },
    );
    const failed = report!.checks.filter(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject([
      {
        check: "A payment goes on in another process, as after a restart.",
        reason: "retrieve threw: There is no such payment",
      },
    ]);
  });

  it.each(BROKEN)("%s", async (name, broken, check, reason) => {
    const failed = await failuresOf(broken, name === "hangs" ? 0.2 : 5);
    const found = failed.find((one) => check.test(one.check));
    expect(found, JSON.stringify(failed)).toBeDefined();
    expect(found!.reason).toMatch(reason);
    expect(found!.remedy).toMatch(/\.$/);
  });
});
