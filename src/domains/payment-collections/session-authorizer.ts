import type { Knex } from "knex";
import { useCase } from "../../database/use-case.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { holdLease } from "../../hold-lease.ts";
import type { PaymentStep } from "../../providers/payment/payment-provider.ts";
import { ProviderFailure } from "../../providers/provider-failure.ts";
import type { Providers } from "../../providers/providers.ts";
import { giveBack } from "../payments/give-back.ts";
import { type Authorization, claimLeft, endClaim, letGo, renewClaims } from "./authorization-queries.ts";
import { withPayments } from "./payment-collection-view.ts";
import { type Authorized, recordAuthorizations } from "./record-authorizations.ts";

type Trx = Knex.Transaction;

/** After so many tries in vain, more than an hour after the first, a payment is given back: its provider may know nothing of it any more. */
const MOST_TRIES = 10;

/** Asks payment providers to authorize sessions that are claimed, and records what they say. Nothing is locked while they work. */
export class SessionAuthorizer {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
  ) {}

  /**
   * Asks for each claimed session, one after another, and records all answers in the transaction that `show` reads from.
   * @throws LostClaim somebody else has gone on with it · ProviderFailure asking again goes on · NotAllowed a provider refuses
   */
  async authorize<T>(collectionId: string, claims: readonly Authorization[], show: (trx: Trx) => Promise<T>): Promise<T> {
    const renew = () => renewClaims(this.database, claims);
    try {
      return await holdLease(renew, () => this.#askAndRecord(collectionId, claims, show));
    } catch (error) {
      for (const claim of claims) await letGo(this.database, claim);
      throw error;
    }
  }

  async #askAndRecord<T>(collectionId: string, claims: readonly Authorization[], show: (trx: Trx) => Promise<T>): Promise<T> {
    const answers: Authorized[] = [];
    try {
      for (const claim of claims) answers.push(await this.#ask(claim));
    } catch (error) {
      if (answers.length > 0) await this.#record(collectionId, answers, async () => undefined);
      throw error;
    }
    return this.#record(collectionId, answers, show);
  }

  /** Goes on with what was left of a collection's authorizations. */
  async finishLeft(collectionId: string): Promise<void> {
    const claims = await claimLeft(this.database, collectionId);
    if (claims.length > 0) await this.authorize(collectionId, claims, async () => undefined);
  }

  /** An answer that gets lost leaves the claim noted: the same question brings it back, or the payment goes back in the end. A provider that refuses has answered. */
  async #ask(claim: Authorization): Promise<Authorized> {
    const provider = this.providers.payment.get(claim.provider_id);
    try {
      return { claim, ...(await provider.authorize(authorizing(claim))) };
    } catch (error) {
      if (!(error instanceof ProviderFailure)) await endClaim(this.database, claim);
      else if (claim.tries > MOST_TRIES) return { claim, status: "canceled", data: await this.#return(claim, claim.data, true) };
      throw error;
    }
  }

  async #record<T>(collectionId: string, answers: readonly Authorized[], show: (trx: Trx) => Promise<T>): Promise<T> {
    const { orphans, shown } = await useCase(this.database, async (trx) => {
      const orphans = await recordAuthorizations(trx, collectionId, answers);
      const data = await loadTree(trx, withPayments, collectionId);
      if (data) await this.events.publish(trx, { name: "payment-collection.payment_authorized", data });
      return { orphans, shown: await show(trx) };
    });
    for (const orphan of orphans) await this.#giveBack(orphan);
    return shown;
  }

  /** What was authorized, or taken at once, for a session that is there no more goes back. */
  async #giveBack({ claim, data }: Authorized): Promise<void> {
    await this.#return(claim, data, false);
    await endClaim(this.database, claim);
  }

  /** Gives a payment back; gives what its provider says of it. */
  async #return(claim: Authorization, data: Authorized["data"], mayBeGone: boolean): Promise<Authorized["data"]> {
    const back = await giveBack(this.providers.payment.get(claim.provider_id), {
      resourceId: claim.payment_collection_id,
      amount: claim.amount,
      currencyCode: claim.currency_code,
      data,
      attempt: claim.attempt,
      mayBeGone,
      noteGivingUp: async () => undefined,
    });
    return back.data;
  }
}

function authorizing(claim: Authorization): PaymentStep {
  return {
    resource_id: claim.payment_collection_id,
    amount: claim.amount,
    currency_code: claim.currency_code,
    context: claim.context,
    data: claim.data,
    idempotency_key: `${claim.attempt}:authorize`,
  };
}
