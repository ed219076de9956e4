import { z } from "zod";
import type { ProviderAddress, ProviderCustomer } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

type Json = Readonly<Record<string, unknown>>;
type Answer<A> = A | Promise<A>;

/**
 * Takes money. Whatever it must remember of a payment it gives back as `data`: the shop stores it,
 * shows it to the storefront, and brings it along with the next question. An answer can get lost on
 * its way, and the same question then comes again: by its `idempotency_key` a provider knows it and
 * does the work once.
 */
export interface PaymentProvider extends Provider {
  /**
   * A payment begins: nothing is taken yet. `data` is what the storefront needs, such as a client
   * secret.
   */
  initiate(question: PaymentQuestion, context: ProviderContext): Answer<PaymentAnswer>;
  /** The amount or the customer changed. */
  update(question: PaymentQuestion, context: ProviderContext): Answer<PaymentAnswer>;
  /** The storefront sent something for the payment. */
  updateData(
    question: { readonly data: Json; readonly posted: Json },
    context: ProviderContext,
  ): Answer<{ data: Json }>;
  /**
   * The amount is set aside for the shop; `requires_more` sends the shopper back to do something,
   * `error` is a no.
   */
  authorize(
    question: PaymentStep,
    context: ProviderContext,
  ): Answer<{ status: PaymentStatus; data: Json }>;
  /**
   * Captures the amount. Reserved for captures from the shop's admin: Nettle does not call it yet,
   * so it may be missing.
   */
  capture?(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** What was set aside is let go; it was not captured. */
  cancel(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** So much of what was captured goes back. */
  refund(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** The payment is given up before it was authorized. */
  delete(question: { readonly data: Json }, context: ProviderContext): Answer<unknown>;
  /**
   * How it stands with the payment at the provider's own; asked after answers that got lost.
   * `amount` says how much was set aside or taken; left out, it is what the shop asked for last.
   */
  retrieve(question: { readonly data: Json }, context: ProviderContext): Answer<RetrievedPayment>;
  /**
   * What a call of the provider to the shop says; throws a `Refusal` when its signature is wrong.
   */
  webhook?(question: WebhookCall, context: ProviderContext): Answer<WebhookEvent>;
  /** The payment methods that a customer has saved with the provider. */
  savedMethods?(
    question: { readonly customer: ProviderCustomer },
    context: ProviderContext,
  ): Answer<{ data: Json }[]>;
}

/** What a payment is for. */
export interface PaymentQuestion {
  /** The cart's id, or the payment collection's. */
  readonly resource_id: string;
  /** A whole number in the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly email: string | null;
  readonly customer: ProviderCustomer | null;
  readonly billing_address: ProviderAddress | null;
  /** The cart's context: the shopper's address and browser. */
  readonly context: Json;
  /** What the provider gave before; empty at first. */
  readonly data: Json;
  readonly idempotency_key: string;
}

/** A step of a payment that has begun. */
export interface PaymentStep {
  readonly resource_id: string;
  /** What is authorized, captured, cancelled or refunded, in the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly context: Json;
  readonly data: Json;
  readonly idempotency_key: string;
}

export interface PaymentAnswer {
  readonly data: Json;
  /** To be kept in the customer's metadata, such as their id at the provider's. */
  readonly customer_metadata?: Json | undefined;
}

export interface RetrievedPayment {
  readonly status: PaymentState;
  readonly data: Json;
  /** In the smallest unit of the currency. */
  readonly amount?: number | undefined;
}

/**
 * A raw call of the provider's: names in lower case, the body byte by byte as text, for its
 * signature.
 */
export interface WebhookCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What happened to the payment of a cart or collection; `ignored` for all that the shop need not
 * know. It is a hint: how it stands with the payment the shop asks `authorize` and `retrieve`, so
 * calls may come late, twice, and in any order.
 */
export type WebhookEvent =
  | { readonly event: "authorized" | "captured" | "failed"; readonly resource_id: string }
  | { readonly event: "ignored" };

const STATUSES = ["authorized", "pending", "requires_more", "error", "canceled"] as const;

/** Of a payment session, as Medusa has it. */
export type PaymentStatus = (typeof STATUSES)[number];
export type PaymentState = PaymentStatus | "captured";

const data = z.record(z.string(), z.json());
const dataAnswer = { answer: () => z.object({ data }) };
const paymentAnswer = { answer: () => z.object({ data, customer_metadata: data.optional() }) };

const event = z.discriminatedUnion("event", [
  z.object({ event: z.enum(["authorized", "captured", "failed"]), resource_id: z.string().min(1) }),
  z.object({ event: z.literal("ignored") }),
]);

export const paymentKind: ProviderKind<PaymentProvider> = {
  name: "payment",
  table: "payment_provider",
  methods: {
    initiate: paymentAnswer,
    update: paymentAnswer,
    updateData: dataAnswer,
    authorize: { answer: () => z.object({ status: z.enum(STATUSES), data }) },
    capture: { optional: true, ...dataAnswer },
    cancel: dataAnswer,
    refund: dataAnswer,
    delete: { answer: () => z.unknown() },
    retrieve: {
      answer: () =>
        z.object({
          status: z.enum([...STATUSES, "captured"]),
          data,
          amount: z.int().min(0).optional(),
        }),
    },
    webhook: { optional: true, answer: () => event },
    savedMethods: { optional: true, answer: () => z.array(z.object({ data })) },
  },
};
