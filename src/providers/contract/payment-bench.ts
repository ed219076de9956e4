import { ulid } from "ulid";
import type {
  PaymentProvider,
  PaymentQuestion,
  PaymentStep,
  RetrievedPayment,
} from "../payment/payment-provider.ts";
import type { WrappedProvider } from "../provider-kind.ts";
import { mustHold, NotApplicableError } from "./contract-check.ts";
import type { ContractSupport } from "./contract-support.ts";

type Json = Readonly<Record<string, unknown>>;

/** A payment that a check has initiated. */
export interface TriedPayment {
  readonly resource_id: string;
  readonly currency_code: string;
  amount: number;
  data: Json;
}

/** A payment provider, and what the checks do with it. */
export class PaymentBench {
  readonly provider: WrappedProvider<PaymentProvider>;
  /** The same provider in another process. */
  readonly elsewhere: WrappedProvider<PaymentProvider> | undefined;
  readonly support: NonNullable<ContractSupport["payment"]>;
  readonly amount: number;
  readonly currencyCode: string;
  readonly #payments: TriedPayment[] = [];

  constructor(
    provider: WrappedProvider<PaymentProvider>,
    elsewhere?: WrappedProvider<PaymentProvider>,
    support: NonNullable<ContractSupport["payment"]> = {},
  ) {
    this.provider = provider;
    this.elsewhere = elsewhere;
    this.support = support;
    this.amount = support.amount ?? 2000;
    this.currencyCode = support.currency_code ?? "eur";
  }

  /** Returns an idempotency key, or the id of a cart, that no other check uses. */
  newId(prefix: string): string {
    return `${prefix}_${ulid()}`;
  }

  /** Returns the question that initiates a payment, for a guest who has given no address. */
  question(changes: Partial<PaymentQuestion> = {}): PaymentQuestion {
    return {
      resource_id: this.newId("cart"),
      amount: this.amount,
      currency_code: this.currencyCode,
      email: "contract-test@example.com",
      customer: null,
      billing_address: null,
      context: {},
      data: {},
      idempotency_key: this.newId("key"),
      ...changes,
    };
  }

  /** Returns the question of a step of a payment; with a new key, unless `changes` has one. */
  step(payment: TriedPayment, changes: Partial<PaymentStep> = {}): PaymentStep {
    return { ...payment, context: {}, idempotency_key: this.newId("key"), ...changes };
  }

  /** Initiates a payment. */
  async initiate(question = this.question()): Promise<TriedPayment> {
    const { data } = await this.provider.initiate(question);
    const { resource_id, amount, currency_code } = question;
    const payment = { resource_id, amount, currency_code, data };
    this.#payments.push(payment);
    return payment;
  }

  /** Does the shopper's part of a payment, and authorizes it. Its data is what came back. */
  async authorize(payment: TriedPayment, key = this.newId("key")): Promise<void> {
    await this.support.pay?.(payment);
    const { status, data } = await this.provider.authorize(
      this.step(payment, { idempotency_key: key }),
    );
    if ((status === "requires_more" || status === "pending") && !this.support.pay)
      throw new NotApplicableError(
        `authorize answered ${status}, since the shopper acts first: name a module with ` +
          "`payment.pay` by --support.",
      );
    mustHold(status === "authorized", `authorize answered ${status} for what was paid`);
    payment.data = data;
  }

  /** Initiates a payment, and authorizes it. */
  async authorized(): Promise<TriedPayment> {
    const payment = await this.initiate();
    await this.authorize(payment);
    return payment;
  }

  /** Initiates a payment, authorizes and captures it. */
  async captured(): Promise<TriedPayment> {
    const payment = await this.authorized();
    const { status } = await this.retrieve(payment);
    if (status !== "captured") {
      const { data } = await this.capture(this.step(payment));
      payment.data = data;
    }
    return payment;
  }

  /** Captures an amount. */
  capture(step: PaymentStep): Promise<{ readonly data: Json }> {
    if (!this.provider.capture) throw new NotApplicableError("It has no method `capture`.");
    return this.provider.capture(step);
  }

  /**
   * Returns how much of a payment is held or captured and not returned: as the provider's server
   * has it, or else as `retrieve` says. Undefined if neither says so.
   */
  async balance(payment: TriedPayment): Promise<number | undefined> {
    if (this.support.balance) return this.support.balance(payment);
    return (await this.retrieve(payment)).amount;
  }

  /** Returns the state of a payment, by the data that the shop has stored. */
  retrieve({ data }: TriedPayment): Promise<RetrievedPayment> {
    return this.provider.retrieve({ data });
  }

  /** @throws NotApplicableError for a provider that holds no money */
  mustHoldMoney(): void {
    if (this.provider.pure) throw new NotApplicableError("It is pure, so it holds no money.");
  }

  /** Releases the payments of a check: voids, refunds or deletes them, if it can. */
  async release(): Promise<void> {
    for (const payment of this.#payments.splice(0)) {
      const attempts = [
        () => this.provider.cancel(this.step(payment)),
        () => this.provider.refund(this.step(payment)),
        () => this.provider.delete({ data: payment.data }),
      ];
      for (const attempt of attempts) {
        const isDone = await attempt().then(
          () => true,
          () => false,
        );
        if (isDone) break;
      }
    }
  }
}
