import { type ContractCheck, mustBeSame, mustHold, NotApplicableError } from "./contract-check.ts";
import type { PaymentBench } from "./payment-bench.ts";
import { paymentMoneyContract } from "./payment-money-contract.ts";
import { paymentWebhookContract } from "./payment-webhook-contract.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is true of a payment before money is held. */
const beforeMoney: readonly ContractCheck<PaymentBench>[] = [
  {
    check: "A payment is initiated for a guest without a name and an address.",
    remedy: "Expect null for `email`, `customer` and `billing_address`.",
    run: async (bench) => {
      await bench.initiate(bench.question({ email: null }));
    },
  },
  {
    check: "initiate with a key that it has had gives the same answer, and no second payment.",
    remedy: "Pass `idempotency_key` on to your service, or store each answer under its key.",
    run: async (bench) => {
      const question = bench.question();
      const { data } = await bench.initiate(question);
      mustBeSame("initiate's data", data, (await bench.provider.initiate(question)).data);
    },
  },
  {
    check: "initiate twice at once with one key is one payment.",
    remedy: "Let the second question wait for the first, or refuse it; the shop asks again.",
    run: async (bench) => {
      const question = bench.question();
      const both = [bench.provider.initiate(question), bench.provider.initiate(question)];
      const answers = (await Promise.allSettled(both)).filter(
        ({ status }) => status === "fulfilled",
      );
      const { data } = await bench.initiate(question);
      for (const answer of answers)
        if (answer.status === "fulfilled") mustBeSame("initiate's data", answer.value.data, data);
    },
  },
  {
    check: "retrieve knows a payment that was initiated, by its stored data alone.",
    remedy: "Return in `data` what identifies the payment, and answer `pending` until it is paid.",
    run: async (bench) => {
      const payment = await bench.initiate();
      const { status } = await bench.retrieve(payment);
      mustHold(
        status === "pending" || status === "requires_more",
        `retrieve answered ${status} before the payment was authorized`,
      );
    },
  },
  {
    check: "update changes the amount, also when it comes twice or changes nothing.",
    remedy: "Set the amount that the question names, and return all the data of the payment.",
    run: async (bench) => {
      const payment = await bench.initiate();
      const amount = bench.amount + 500;
      const question = bench.question({ ...payment, amount });
      const { data } = await bench.provider.update(question);
      const again = await bench.provider.update({ ...question, data });
      mustBeSame("update's data", data, again.data);
      const key = bench.newId("key");
      await bench.provider.update({ ...question, data: again.data, idempotency_key: key });
      Object.assign(payment, { amount, data: again.data });
      await bench.authorize(payment);
      const { amount: held = amount } = await bench.retrieve(payment);
      mustHold(held === amount, `${held} is held instead of ${amount} after update`);
    },
  },
  {
    check: "updateData does not let a shopper name the payment, the customer or the amount.",
    remedy: "Merge only the keys of `posted` that you expect, and never over an id.",
    run: async (bench) => {
      const { data } = await bench.initiate();
      const guarded = Object.keys(data).filter(isIdentity);
      const forged = Object.fromEntries(guarded.map((key) => [key, forgedOf(data[key])]));
      const answer = await bench.provider.updateData({ data, posted: { ...forged, data: forged } });
      for (const key of guarded) mustBeSame(`data.${key}`, data[key], answer.data[key]);
    },
  },
  {
    check: "delete ends a payment, and comes twice without harm.",
    remedy: "Answer as before when the payment is gone, and let a late `authorize` fail.",
    run: async (bench) => {
      const payment = await bench.initiate();
      await bench.provider.delete({ data: payment.data });
      await bench.provider.delete({ data: payment.data });
      await mustNotAuthorize(bench, payment.data, "deleted");
    },
  },
  {
    check: "Payments of two carts are kept apart.",
    remedy: "Keep what belongs to a payment in its `data`, and never in a variable of the module.",
    run: async (bench) => {
      bench.mustHoldMoney();
      const first = await bench.initiate();
      const other = await bench.initiate(bench.question({ amount: bench.amount + 100 }));
      await bench.authorize(first);
      const { status } = await bench.retrieve(other);
      mustHold(status !== "authorized" && status !== "captured", `Another payment is ${status}`);
      await bench.authorize(other);
      const { amount = first.amount } = await bench.retrieve(first);
      mustHold(amount === first.amount, `${amount} is held instead of ${first.amount}`);
    },
  },
  {
    check: "A payment goes on in another process, as after a restart.",
    remedy: "Keep what belongs to a payment in its `data`, and never in a variable of the module.",
    run: async (bench) => {
      const { elsewhere, support } = bench;
      if (!elsewhere)
        throw new NotApplicableError("A plugin of Medusa's is not loaded a second time.");
      const payment = await bench.initiate();
      await elsewhere.retrieve({ data: payment.data });
      await support.pay?.(payment);
      const { data } = await elsewhere.authorize(bench.step(payment));
      await bench.retrieve({ ...payment, data });
      payment.data = data;
    },
  },
  {
    check: "savedMethods answers for a customer that it does not know.",
    remedy: "Return [].",
    run: async ({ provider, newId }) => {
      if (!provider.savedMethods) throw new NotApplicableError("It has no method `savedMethods`.");
      const email = "contract-test@example.com";
      await provider.savedMethods({ customer: { id: newId("cus"), email, metadata: null } });
    },
  },
];

/** What payment providers must do, in the order in which a payment goes on. */
export const paymentContract: readonly ContractCheck<PaymentBench>[] = [
  ...beforeMoney,
  ...paymentMoneyContract,
  ...paymentWebhookContract,
];

const IDENTITIES = /(^|_)(id|amount|currency|currency_code|customer)$/;

function isIdentity(key: string): boolean {
  return IDENTITIES.test(key);
}

function forgedOf(value: unknown): unknown {
  return typeof value === "number" ? value + 1 : "forged";
}

async function mustNotAuthorize(bench: PaymentBench, data: Json, state: string): Promise<void> {
  if (bench.provider.pure) return;
  const question = { ...bench.question({ data }), context: {} };
  const late = await bench.provider.authorize(question).then(
    ({ status }) => status,
    () => "error",
  );
  mustHold(late !== "authorized", `authorize answered authorized for a payment that was ${state}`);
}
