import type { CallProvider } from "../../commands/provider-calls.ts";
import { newId } from "../../database/new-id.ts";
import type { ProviderCustomer } from "../../providers/parties.ts";
import type { PaymentAnswer, PaymentQuestion } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { needsInitiation, newSession } from "../payments/payment-session-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";

type Json = Readonly<Record<string, unknown>>;

/** What payment providers are asked about the sessions of one collection, inside a transaction. */
export class CollectionPaymentGateway {
  #metadata: Json = {};

  /**
   * `payer` is the customer who pays, if the shop knows them; `ids` are those of new sessions, the
   * same however often the work starts anew.
   */
  constructor(
    private readonly providers: Providers,
    private readonly callProvider: CallProvider,
    private readonly collection: PaymentCollection,
    private readonly payer: ProviderCustomer | undefined,
    private readonly ids: string[],
  ) {}

  /** What the providers want to know of the payer again. */
  get metadata(): Json {
    return this.#metadata;
  }

  /**
   * A session that its provider knows of. `number` counts the new sessions of one request.
   * @throws NotFound this server does not have the provider · ProviderFailure · NotAllowed the
   * provider refuses
   */
  async initiate(providerId: string, amount: number, number: number): Promise<PaymentSession> {
    this.ids[number] ??= newId("ps");
    const session = {
      ...newSession(this.ids[number], null, providerId, amount),
      is_initiated: true,
    };
    const question = this.#question(session, session.id);
    return {
      ...session,
      data: this.#dataOf(
        await this.callProvider(this.providers.payment.get(providerId), "initiate", question),
      ),
    };
  }

  /** A session for another amount; its provider is told. */
  async updateAmount(session: PaymentSession, amount: number): Promise<PaymentSession> {
    const question = this.#question(
      { ...session, amount },
      `${session.id}:${session.updated_at}:${amount}`,
    );
    const answer = await this.callProvider(
      this.providers.payment.get(session.provider_id),
      "update",
      question,
    );
    return { ...session, amount, is_initiated: true, data: this.#dataOf(answer) };
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

  #question(session: PaymentSession, key: string): PaymentQuestion {
    return {
      resource_id: this.collection.id,
      amount: session.amount ?? 0,
      currency_code: this.collection.currency_code,
      email: this.payer?.email ?? null,
      customer: this.payer ?? null,
      billing_address: null,
      context: {},
      data: (session.data ?? {}) as Json,
      idempotency_key: key,
    };
  }

  #dataOf({ data, customer_metadata }: PaymentAnswer): Json {
    this.#metadata = { ...this.#metadata, ...customer_metadata };
    return data;
  }
}
