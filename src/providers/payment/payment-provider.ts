import { z } from "zod";
import type { ProviderAddress, ProviderCustomer } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

type Json = Readonly<Record<string, unknown>>;
type Answer<A> = A | Promise<A>;

/**
 * Takes payments. It returns whatever it must remember of a payment as `data`; the shop stores it,
 * shows it to the storefront, and sends it along with the next question. An answer can get lost,
 * and the shop then repeats the question: the provider recognizes it by its `idempotency_key` and
 * does the work once.
 */
export interface PaymentProvider extends Provider {
  /**
   * Initiates a payment; no money is held yet. `data` is what the storefront needs, such as a
   * client secret.
   */
  initiate(question: PaymentQuestion, context: ProviderContext): Answer<PaymentAnswer>;
  /** Updates a payment whose amount or customer changed. */
  update(question: PaymentQuestion, context: ProviderContext): Answer<PaymentAnswer>;
  /** Handles data that the storefront sent for the payment. */
  updateData(
    question: { readonly data: Json; readonly posted: Json },
    context: ProviderContext,
  ): Answer<{ data: Json }>;
  /**
   * Authorizes the amount. `requires_more` asks the shopper for a further step; `error` means that
   * the payment is declined.
   */
  authorize(
    question: PaymentStep,
    context: ProviderContext,
  ): Answer<{ status: PaymentStatus; data: Json }>;
  /** Captures the amount. Reserved for the Admin API: not called yet, so it may be left out. */
  capture?(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** Voids an authorization that was not captured. */
  cancel(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** Refunds part or all of a captured amount. */
  refund(question: PaymentStep, context: ProviderContext): Answer<{ data: Json }>;
  /** Deletes a payment that was not authorized. */
  delete(question: { readonly data: Json }, context: ProviderContext): Answer<unknown>;
  /**
   * Returns the state of the payment at the provider; called after an answer was lost. `amount` is
   * the amount authorized or captured; if left out, it is the amount the shop last asked for.
   */
  retrieve(question: { readonly data: Json }, context: ProviderContext): Answer<RetrievedPayment>;
  /** Reads a call of the provider to the shop. Throws a `Refusal` if the signature is wrong. */
  webhook?(question: WebhookCall, context: ProviderContext): Answer<WebhookEvent>;
  /** Returns the payment methods that a customer has saved with the provider. */
  savedMethods?(
    question: { readonly customer: ProviderCustomer },
    context: ProviderContext,
  ): Answer<{ data: Json }[]>;
}

/** A payment to initiate or update. */
export interface PaymentQuestion {
  /** The id of the cart or the payment collection. */
  readonly resource_id: string;
  /** An integer in the currency's smallest unit. */
  readonly amount: number;
  readonly currency_code: string;
  readonly email: string | null;
  readonly customer: ProviderCustomer | null;
  readonly billing_address: ProviderAddress | null;
  /** The cart's context: the shopper's IP address and browser. */
  readonly context: Json;
  /** The data that the provider returned before; empty at first. */
  readonly data: Json;
  readonly idempotency_key: string;
}

/** A step of an initiated payment. */
export interface PaymentStep {
  readonly resource_id: string;
  /** The amount to authorize, capture, cancel or refund, in the currency's smallest unit. */
  readonly amount: number;
  readonly currency_code: string;
  readonly context: Json;
  readonly data: Json;
  readonly idempotency_key: string;
}

/** The answer to a payment's initiation or update. */
export interface PaymentAnswer {
  readonly data: Json;
  /** Data to store in the customer's metadata, such as the customer's id at the provider. */
  readonly customer_metadata?: Json | undefined;
}

/** The state of a payment at its provider. */
export interface RetrievedPayment {
  readonly status: PaymentState;
  readonly data: Json;
  /** In the currency's smallest unit. */
  readonly amount?: number | undefined;
}

/**
 * A raw call of the provider: header names in lower case, and the exact body as text, for checking
 * its signature.
 */
export interface WebhookCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What happened to the payment of a cart or payment collection; `ignored` for anything that does
 * not concern the shop. The shop treats it as a hint and asks `authorize` and `retrieve` for the
 * state of the payment, so calls may come late, twice, and in any order.
 */
export type WebhookEvent =
  | {
      readonly event: "authorized" | "captured" | "failed";
      readonly resource_id: string;
      /**
       * Whose payment it is, where one address receives the calls about several providers of a
       * module. Left out, it is the provider that was called.
       */
      readonly provider_id?: string | undefined;
      /**
       * Which payment it is: a part of the `data` of this payment that never changes, such as its
       * id. `retrieve` must understand it. Without it, an event may be any payment's of the
       * resource.
       */
      readonly data?: Json | undefined;
    }
  | { readonly event: "ignored" };

const STATUSES = ["authorized", "pending", "requires_more", "error", "canceled"] as const;

/** The status of a payment session, as in Medusa. */
export type PaymentStatus = (typeof STATUSES)[number];
export type PaymentState = PaymentStatus | "captured";

const data = z.record(z.string(), z.json());
const dataAnswer = { answer: () => z.object({ data }) };
const paymentAnswer = { answer: () => z.object({ data, customer_metadata: data.optional() }) };

const event = z.discriminatedUnion("event", [
  z.object({
    event: z.enum(["authorized", "captured", "failed"]),
    resource_id: z.string().min(1),
    provider_id: z.string().optional(),
    data: data.optional(),
  }),
  z.object({ event: z.literal("ignored") }),
]);

/** The methods and answers of payment providers. */
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
