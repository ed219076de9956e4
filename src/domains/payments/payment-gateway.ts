import { createHash } from "node:crypto";
import type { CallProvider } from "../../commands/provider-calls.ts";
import type { Transaction } from "../../commands/transaction.ts";
import type { PaymentAnswer, PaymentQuestion } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import { queueSessionReleases } from "./attempts/queue-session-releases.ts";
import type { DraftSession } from "./payment-session-queries.ts";
import { type Payer, saveProviderCustomer } from "./provider-customers.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * What payment providers are told about a cart or a payment collection. Who pays is told apart: it
 * depends on the request and on the provider.
 */
export type PaymentSubject = Omit<
  PaymentQuestion,
  "amount" | "data" | "idempotency_key" | "customer"
>;

/** Calls payment providers about sessions, from inside a command. */
export class PaymentGateway {
  readonly #received = new Map<string, Json>();
  readonly #givenUp: DraftSession[] = [];

  /** `payer` is the logged-in customer whose cart or order it is; nobody else pays as them. */
  constructor(
    private readonly providers: Providers,
    private readonly callProvider: CallProvider,
    private readonly subject: PaymentSubject,
    private readonly payer: Payer | undefined,
  ) {}

  /** Whether this server has the provider. */
  has(providerId: string): boolean {
    return this.providers.payment.has(providerId);
  }

  /**
   * Whether a session of this provider must be stored before it is initiated. The idempotency key
   * of the call comes from the row, so that a later command finds a payment whose answer was lost.
   * @throws NotFoundError if this server does not have the provider
   */
  needsStoredSession(providerId: string): boolean {
    return !this.providers.payment.get(providerId).pure;
  }

  /**
   * Initiates a session, which then starts again from `pending`.
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   * @throws NotAllowedError if the provider refuses
   */
  async initiate(session: DraftSession, amount: number): Promise<DraftSession> {
    const provider = this.providers.payment.get(session.provider_id);
    const question = this.#toQuestion({ ...session, data: {} }, amount);
    const answer = await this.callProvider(provider, "initiate", question);
    return {
      ...session,
      amount,
      data: this.#receive(session, answer),
      status: "pending",
      is_initiated: true,
      is_selected: null,
      payment_authorized_at: null,
    };
  }

  /**
   * Tells the provider a session's new amount.
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   * @throws NotAllowedError if the provider refuses
   */
  async updateAmount(session: DraftSession, amount: number): Promise<DraftSession> {
    const provider = this.providers.payment.get(session.provider_id);
    const question = this.#toQuestion(session, amount);
    const answer = await this.callProvider(provider, "update", question);
    return { ...session, data: this.#receive(session, answer), amount, is_initiated: true };
  }

  /**
   * Sends the provider what the storefront posted.
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   * @throws NotAllowedError if the provider refuses
   */
  async postData(session: DraftSession, posted: Json): Promise<DraftSession> {
    const provider = this.providers.payment.get(session.provider_id);
    const question = { data: dataOf(session), posted };
    const { data } = await this.callProvider(provider, "updateData", question);
    return { ...session, data };
  }

  /**
   * Gives up a session's payment. Its release is queued by `queueReleases`, so that nothing waits
   * for a provider that does not answer.
   */
  giveUp(session: DraftSession): void {
    this.#givenUp.push(session);
  }

  /** Queues the release of the payments that were given up. */
  async queueReleases(trx: Transaction): Promise<void> {
    const { resource_id: id, currency_code: currencyCode } = this.subject;
    await queueSessionReleases(trx, this.providers, { id, currencyCode }, this.#givenUp);
  }

  /** Saves what providers want to receive with the next question about the payer. */
  async saveProviderCustomers(trx: Transaction): Promise<void> {
    if (!this.payer) return;
    for (const [providerId, data] of this.#received)
      await saveProviderCustomer(trx, this.payer.id, providerId, data);
  }

  #receive({ provider_id }: DraftSession, { data, customer_metadata }: PaymentAnswer): Json {
    if (customer_metadata && Object.keys(customer_metadata).length > 0) {
      const earlier = this.#received.get(provider_id);
      this.#received.set(provider_id, { ...earlier, ...customer_metadata });
    }
    return data;
  }

  /**
   * Returns the question about a session. Its key stays the same as long as the stored session and
   * the question do.
   */
  #toQuestion(session: DraftSession, amount: number): PaymentQuestion {
    const customer = this.payer?.forProvider(session.provider_id) ?? null;
    const question = toPaymentQuestion(
      { ...this.subject, customer },
      { amount, data: dataOf(session), key: "" },
    );
    const fingerprint = createHash("sha256")
      .update(JSON.stringify(question))
      .digest("base64url")
      .slice(0, 16);
    return {
      ...question,
      idempotency_key: `${session.id}:${session.updated_at ?? ""}:${fingerprint}`,
    };
  }
}

/** Returns the question that initiates a payment or updates its amount. */
export function toPaymentQuestion(
  subject: PaymentSubject & Pick<PaymentQuestion, "customer">,
  { amount, data, key }: { readonly amount: number; readonly data: Json; readonly key: string },
): PaymentQuestion {
  const { resource_id, currency_code, email, customer, billing_address, context } = subject;
  return {
    resource_id,
    amount,
    currency_code,
    email,
    customer,
    billing_address,
    context,
    data,
    idempotency_key: key,
  };
}

function dataOf({ data }: DraftSession): Json {
  return (data ?? {}) as Json;
}
