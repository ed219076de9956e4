import type {
  PaymentQuestion,
  PaymentState,
  PaymentStep,
} from "../../src/providers/payment/payment-provider.ts";

/** A payment at the fake payment provider; amounts in the smallest unit. */
export interface LedgerPayment {
  readonly id: string;
  readonly resource_id: string;
  readonly currency_code: string;
  amount: number;
  status: PaymentState;
  authorized: number;
  captured: number;
  canceled: number;
  refunded: number;
}

/** An operation that the ledger does not allow. */
export class LedgerError extends Error {}

type Json = Readonly<Record<string, unknown>>;

/**
 * The ledger of the fake payment provider: what was authorized, captured, canceled and refunded.
 * Each request is executed once by its idempotency key.
 */
export class PaymentLedger {
  readonly payments = new Map<string, LedgerPayment>();
  readonly #answers = new Map<string, unknown>();
  #paymentCount = 0;

  /**
   * Executes a step.
   * @throws LedgerError the ledger does not allow it
   */
  perform(step: string, question: Json): unknown {
    const key = question["idempotency_key"] ? `${step} ${question["idempotency_key"]}` : undefined;
    if (key && this.#answers.has(key)) return this.#answers.get(key);
    const handler = this.#steps[step];
    if (!handler) throw new LedgerError(`There is no ${step}`);
    const answer = handler(question as never);
    if (key) this.#answers.set(key, answer);
    return answer;
  }

  /**
   * Sums up all payments. `held` is authorized and neither captured nor canceled; `netCaptured` is
   * captured and not refunded.
   */
  totals() {
    const sum = (amount: (payment: LedgerPayment) => number) =>
      [...this.payments.values()].reduce((all, one) => all + amount(one), 0);
    const [authorized, captured] = [sum((one) => one.authorized), sum((one) => one.captured)];
    const [canceled, refunded] = [sum((one) => one.canceled), sum((one) => one.refunded)];
    return {
      authorized,
      captured,
      canceled,
      refunded,
      held: authorized - captured - canceled,
      netCaptured: captured - refunded,
    };
  }

  /**
   * Pays the last payment of a cart or payment collection on the provider's own page, or fails to.
   * @throws LedgerError there is none
   */
  pay(resourceId: string, outcome: "authorized" | "captured" | "failed"): void {
    const payment = [...this.payments.values()].findLast(
      ({ resource_id }) => resource_id === resourceId,
    );
    if (!payment) throw new LedgerError(`There is no payment for ${resourceId}`);
    if (outcome === "failed") return;
    payment.authorized = payment.amount;
    if (outcome === "captured") payment.captured = payment.amount;
    payment.status = outcome;
  }

  readonly #steps: Readonly<Record<string, (question: never) => unknown>> = {
    initiate: (question: PaymentQuestion) => this.#initiate(question),
    update: ({ data, amount }: PaymentQuestion) => {
      const payment = this.#requirePayment(data);
      if (payment.status === "pending" || payment.status === "requires_more")
        payment.amount = amount;
      return answerOf(payment);
    },
    // What a shopper posts never names another payment.
    updateData: ({ data, posted }: { data: Json; posted: Json }) => ({
      data: { ...posted, ...data },
    }),
    authorize: ({ data, amount }: PaymentStep) =>
      this.#authorize(this.#requirePayment(data), amount),
    capture: ({ data, amount }: PaymentStep) => {
      const payment = this.#requirePayment(data);
      if (payment.captured + payment.canceled + amount > payment.authorized)
        throw new LedgerError("The amount is not authorized");
      payment.captured += amount;
      payment.status = "captured";
      return answerOf(payment);
    },
    cancel: ({ data }: PaymentStep) => {
      const payment = this.#requirePayment(data);
      if (payment.captured > 0) throw new LedgerError("The payment is captured");
      payment.canceled = payment.authorized;
      payment.status = "canceled";
      return answerOf(payment);
    },
    refund: ({ data, amount }: PaymentStep) => {
      const payment = this.#requirePayment(data);
      if (payment.refunded + amount > payment.captured)
        throw new LedgerError("The amount was not captured");
      payment.refunded += amount;
      return answerOf(payment);
    },
    delete: ({ data }: { data: Json }) => {
      const payment = this.payments.get(String(data["id"]));
      if (payment && payment.authorized > 0) throw new LedgerError("It is authorized");
      this.payments.delete(String(data["id"]));
      return {};
    },
    retrieve: ({ data }: { data: Json }) => {
      const payment = this.#requirePayment(data);
      return {
        status: payment.status,
        amount: payment.captured || payment.authorized,
        ...answerOf(payment),
      };
    },
    savedMethods: ({ customer }: { customer: { id: string } }) => [
      { data: { id: `card_${customer.id}`, last4: "4242" } },
    ],
  };

  #initiate({ resource_id, amount, currency_code }: PaymentQuestion) {
    const id = `pay_${++this.#paymentCount}`;
    const zeroAmounts = { authorized: 0, captured: 0, canceled: 0, refunded: 0 };
    const payment: LedgerPayment = {
      id,
      resource_id,
      currency_code,
      amount,
      status: "pending",
      ...zeroAmounts,
    };
    this.payments.set(id, payment);
    return answerOf(payment);
  }

  #authorize(payment: LedgerPayment, amount: number) {
    if (payment.status === "canceled") throw new LedgerError("It is canceled");
    if (payment.amount !== amount) return { status: "error", ...answerOf(payment) };
    if (payment.authorized === 0) {
      payment.authorized = amount;
      payment.status = "authorized";
    }
    return { status: "authorized", ...answerOf(payment) };
  }

  #requirePayment(data: Json): LedgerPayment {
    const payment = this.payments.get(String(data["id"]));
    if (!payment) throw new LedgerError("There is no such payment");
    return payment;
  }
}

function answerOf({ id, status, amount }: LedgerPayment) {
  return { data: { id, status, amount, client_secret: `secret of ${id}` } };
}
