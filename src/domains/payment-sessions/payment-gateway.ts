import { createHash } from "node:crypto";
import type { Knex } from "knex";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { NotAllowedError } from "../../core/errors.ts";
import type { PaymentAnswer, PaymentQuestion } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import {
  mergeCustomerMetadata,
  needsInitiation,
  newSession,
} from "../payments/payment-session-queries.ts";
import { paymentQuestion } from "./payment-questions.ts";

type Json = Readonly<Record<string, unknown>>;

/** Returns the id of a provider's new session. It is the same id when the command runs again. */
export type FreshIds = (providerId: string) => string;

/** A session has to be kept before its provider hears of it. */
export class SessionNotStoredError extends Error {
  constructor(readonly session: PaymentSession) {
    super("A payment session has to be kept first");
  }
}

/**
 * The question under a key of its own: the same as long as the session is as it was, and the
 * question is.
 */
function keyed(stored: PaymentSession, question: PaymentQuestion): PaymentQuestion {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify(question))
    .digest("base64url")
    .slice(0, 16);
  return { ...question, idempotency_key: `${stored.id}:${stored.updated_at}:${fingerprint}` };
}

/** What sessions ask of payment providers, inside a transaction. */
export class PaymentGateway {
  #metadata: Json = {};

  constructor(
    private readonly providers: Providers,
    private readonly callProvider: CallProvider,
    private readonly fresh: FreshIds,
  ) {}

  /**
   * A session that the provider knows of and that pays, in the place of one that is kept already,
   * if there is one. An answer that gets lost is brought back by the same question, so the key
   * comes from what is kept, and where nothing is yet that comes first.
   * @throws NotKeptYet · NotFound this server does not have the provider · ProviderFailure ·
   * NotAllowed the provider refuses
   */
  async initiate(
    cart: Cart,
    providerId: string,
    amount: number,
    stored: PaymentSession | undefined,
  ): Promise<PaymentSession> {
    const session = newSession(stored?.id ?? this.fresh(providerId), cart.id, providerId, amount);
    const provider = this.providers.payment.get(providerId);
    if (!stored && !provider.pure) throw new SessionNotStoredError(session);
    const question = keyed(stored ?? session, paymentQuestion(cart, session, amount, ""));
    const answer = await this.callProvider(provider, "initiate", question);
    return { ...session, data: this.#dataOf(answer), is_initiated: true, is_selected: true };
  }

  /** The session after its amount followed the cart; the provider is told. */
  async updateAmount(cart: Cart, session: PaymentSession, amount: number): Promise<PaymentSession> {
    const question = keyed(session, paymentQuestion(cart, session, amount, ""));
    const answer = await this.callProvider(
      this.providers.payment.get(session.provider_id),
      "update",
      question,
    );
    return { ...session, data: this.#dataOf(answer), amount, is_initiated: true };
  }

  /** The session after the storefront told the provider something. */
  async postData(session: PaymentSession, posted: Json): Promise<PaymentSession> {
    const question = { data: (session.data ?? {}) as Json, posted };
    const { data } = await this.callProvider(
      this.providers.payment.get(session.provider_id),
      "updateData",
      question,
    );
    return { ...session, data };
  }

  /**
   * The provider gives a session up; one of a provider that this server does not have is only
   * forgotten.
   */
  async deleteSession(session: PaymentSession): Promise<void> {
    if (needsInitiation(session) || !this.providers.payment.has(session.provider_id)) return;
    await this.callProvider(this.providers.payment.get(session.provider_id), "delete", {
      data: (session.data ?? {}) as Json,
    });
  }

  /** Keeps what providers want to know of the customer again. */
  async saveMetadata(trx: Knex.Transaction, cart: Cart): Promise<void> {
    if (cart.customer_id && Object.keys(this.#metadata).length > 0)
      await mergeCustomerMetadata(trx, cart.customer_id, this.#metadata);
  }

  #dataOf({ data, customer_metadata }: PaymentAnswer): Json {
    this.#metadata = { ...this.#metadata, ...customer_metadata };
    return data;
  }
}

/** @throws NotAllowed */
export function mustBeOfRegion(cart: Cart, providerId: string): void {
  if (!cart.region.payment_providers.some(({ id }) => id === providerId))
    throw new NotAllowedError("The payment method is not available in this region");
}
