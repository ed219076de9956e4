import type { PaymentState } from "../payment/payment-provider.ts";
import {
  type ContractCheck,
  mustBe,
  mustBeSame,
  mustHold,
  NotApplicableError,
} from "./contract-check.ts";
import type { PaymentBench, TriedPayment } from "./payment-bench.ts";

/** What is true of a payment's money. */
export const paymentMoneyContract: readonly ContractCheck<PaymentBench>[] = [
  {
    check: "authorize holds the amount, and retrieve confirms it.",
    remedy: "Answer `authorized` or `captured` from retrieve, with the amount that is held.",
    run: async (bench) => {
      const payment = await bench.authorized();
      mustBePaid((await bench.retrieve(payment)).status);
      await mustHaveBalance(bench, payment, payment.amount, "after authorize");
    },
  },
  {
    check: "authorize with a key that it has had gives the same answer, and holds nothing more.",
    remedy: "Pass `idempotency_key` on to your service, or store each answer under its key.",
    run: async (bench) => {
      const payment = await bench.initiate();
      const key = bench.newId("key");
      const before = { ...payment };
      await bench.authorize(payment, key);
      const question = bench.step(before, { idempotency_key: key });
      const { status, data } = await bench.provider.authorize(question);
      mustBe("authorize's status", "authorized", status);
      mustBeSame("authorize's data", payment.data, data);
      await mustHaveBalance(bench, payment, payment.amount, "after two calls of authorize");
    },
  },
  {
    check: "When the answer of authorize is lost, retrieve finds the money by the earlier data.",
    remedy: "Return in `data` of initiate what identifies the payment, and look it up by that.",
    run: async (bench) => {
      bench.mustHoldMoney();
      const payment = await bench.initiate();
      const before = { ...payment };
      await bench.authorize(payment);
      mustBePaid((await bench.retrieve(before)).status);
    },
  },
  {
    check: "capture with a key that it has had captures nothing more.",
    remedy: "Pass `idempotency_key` on to your service, or store each answer under its key.",
    run: async (bench) => {
      const payment = await bench.authorized();
      const question = bench.step(payment);
      const { data } = await bench.capture(question);
      const again = await bench.capture(question);
      mustBeSame("capture's data", data, again.data);
      payment.data = data;
      mustBe("retrieve's status", "captured", await statusAfterCapture(bench, payment));
      await mustHaveBalance(bench, payment, payment.amount, "after two calls of capture");
    },
  },
  {
    check: "cancel voids what is held, also when it comes twice.",
    remedy: "Answer the second call as the first, and `canceled` from retrieve.",
    run: async (bench) => {
      const payment = await bench.authorized();
      if ((await bench.retrieve(payment)).status === "captured")
        throw new NotApplicableError("It captures at once, so nothing is to be voided.");
      const question = bench.step(payment);
      const { data } = await bench.provider.cancel(question);
      mustBeSame("cancel's data", data, (await bench.provider.cancel(question)).data);
      payment.data = data;
      mustBe("retrieve's status", "canceled", (await bench.retrieve(payment)).status);
      await mustHaveNothing(bench, payment, "after cancel");
    },
  },
  {
    check: "A payment that was canceled is not authorized by a question that arrives late.",
    remedy: "Refuse to authorize a payment that is canceled, whatever the key.",
    run: async (bench) => {
      bench.mustHoldMoney();
      const payment = await bench.initiate();
      const before = { ...payment };
      await bench.authorize(payment);
      if ((await bench.retrieve(payment)).status === "captured")
        throw new NotApplicableError("It captures at once, so nothing is to be voided.");
      await bench.provider.cancel(bench.step(payment));
      for (const { data } of [before, payment]) {
        const late = await bench.provider.authorize(bench.step(payment, { data })).then(
          ({ status }) => status,
          () => "error",
        );
        mustHold(late !== "authorized", "authorize answered authorized after cancel");
      }
    },
  },
  {
    check: "cancel after capture is refused, or returns the money.",
    remedy: "Throw, so that the shop refunds. Never answer as if money had been returned.",
    run: async (bench) => {
      const payment = await bench.captured();
      const canceled = await bench.provider.cancel(bench.step(payment)).catch(() => undefined);
      if (!canceled) return;
      payment.data = canceled.data;
      const { status } = await bench.retrieve(payment);
      mustHold(status === "canceled", `cancel was successful, and the payment is still ${status}`);
      await mustHaveNothing(bench, payment, "after cancel");
    },
  },
  {
    check: "refund with a key that it has had refunds nothing more.",
    remedy: "Pass `idempotency_key` on to your service, or store each answer under its key.",
    run: async (bench) => {
      const payment = await bench.captured();
      const amount = Math.floor(payment.amount / 4);
      const question = bench.step(payment, { amount });
      const { data } = await bench.provider.refund(question);
      Object.assign(payment, { data, amount: payment.amount - amount });
      const rest = await bench.balance(payment);
      mustBeSame("refund's data", data, (await bench.provider.refund(question)).data);
      mustBeSame("What the payment holds", rest, await bench.balance(payment));
      if (bench.support.balance)
        await mustHaveBalance(bench, payment, payment.amount, "after a partial refund");
    },
  },
  {
    check: "refund does not return more than was captured.",
    remedy: "Throw if the amount is more than what was captured and not refunded.",
    run: async (bench) => {
      bench.mustHoldMoney();
      const payment = await bench.captured();
      const question = bench.step(payment, { amount: payment.amount + 1 });
      const answer = await bench.provider.refund(question).catch(() => undefined);
      mustHold(answer === undefined, "refund was successful for more than was captured");
    },
  },
];

function mustBePaid(status: PaymentState): void {
  mustHold(
    status === "authorized" || status === "captured",
    `retrieve answered ${status} after authorize answered authorized`,
  );
}

/** A processor of Medusa's does not say whether it captured. */
async function statusAfterCapture(bench: PaymentBench, payment: TriedPayment) {
  const { status } = await bench.retrieve(payment);
  return status === "authorized" ? "captured" : status;
}

async function mustHaveBalance(
  bench: PaymentBench,
  payment: TriedPayment,
  amount: number,
  when: string,
): Promise<void> {
  const balance = await bench.balance(payment);
  mustHold(
    balance === undefined || balance === amount,
    `The payment holds ${balance} instead of ${amount} ${when}`,
  );
}

/** Only the provider's server knows: `retrieve` may still say what was held. */
async function mustHaveNothing(
  bench: PaymentBench,
  payment: TriedPayment,
  when: string,
): Promise<void> {
  const balance = await bench.support.balance?.(payment);
  mustHold(!balance, `The provider's server still has ${balance} ${when}`);
}
