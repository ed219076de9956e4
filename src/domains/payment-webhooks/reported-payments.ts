import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { ConflictError } from "../../core/errors.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { fingerprintOf } from "../payments/attempts/queue-session-releases.ts";
import {
  queueRelease,
  type ReportedPayment,
  requeueReleases,
} from "../payments/attempts/release-leases.ts";
import {
  findCurrencyOfResource,
  findKnownPayments,
  namesPayment,
} from "../payments/find-reported-payment.ts";

interface ReportedPaymentsDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly log: Log;
}

/** Finds the place of each payment that a provider reports as authorized or captured. */
export class ReportedPayments {
  constructor(private readonly deps: ReportedPaymentsDeps) {}

  /**
   * Makes the releases of a reported payment due again: the shopper may have paid after them.
   * Returns whether there are any.
   */
  requeueReleases(reported: ReportedPayment): Promise<boolean> {
    return runInTransaction(this.deps.database, (trx) => requeueReleases(trx, reported));
  }

  /**
   * Checks that a reported payment is an order's, a session's or one that is released. Where the
   * provider does not say which one it is, it must confirm one of these when it is asked. A payment
   * of this shop that is none of these is queued to be released, where the provider says which.
   * @throws ConflictError if the payment is unknown
   * @throws ProviderError
   */
  async mustBeKnown(payment_event: string, reported: ReportedPayment): Promise<void> {
    const { log } = this.deps;
    if (await this.#isKnown(reported)) return;
    const { providerId: provider, resourceId: resource, data } = reported;
    const about = { event: "payment_unknown", provider, resource, payment_event, data };
    if (await this.#queueUnknown(reported)) {
      log.error(about, "A provider reported an unknown payment; it will be refunded or voided");
      return;
    }
    log.error(about, "A provider reported an unknown payment; it was asked to report it again");
    throw new ConflictError(
      `The shop knows no payment of ${provider} for ${resource}. Check it at the provider.`,
    );
  }

  async #isKnown(reported: ReportedPayment): Promise<boolean> {
    const known = await findKnownPayments(this.deps.database, reported);
    if (namesPayment(reported)) return known.length > 0;
    const provider = this.deps.providers.payment.get(reported.providerId);
    for (const { data, release } of known) {
      if (release === "voided" || release === "refunded") return true;
      if (Object.keys(data).length === 0) continue;
      const { status } = await provider.retrieve({ data }).catch((error: unknown) => {
        // A payment that was deleted may be unknown to its provider.
        if (release === null) throw error;
        return { status: "canceled" };
      });
      if (status === "authorized" || status === "captured") return true;
    }
    return false;
  }

  /** Queues the release of an unknown payment of this shop. Returns whether there is one. */
  async #queueUnknown(reported: ReportedPayment): Promise<boolean> {
    const { database, providers } = this.deps;
    const { providerId, resourceId, data } = reported;
    if (data === undefined || !namesPayment(reported)) return false;
    const currency = await findCurrencyOfResource(database, resourceId);
    if (currency === undefined) return false;
    const { status, amount, ...current } = await providers.payment
      .get(providerId)
      .retrieve({ data });
    if (status !== "authorized" && status !== "captured") return true;
    if (amount === undefined) return false;
    await runInTransaction(database, (trx) =>
      queueRelease(trx, {
        attempt: `${resourceId}:${fingerprintOf({ providerId, data })}`,
        resource_id: resourceId,
        provider_id: providerId,
        session_id: null,
        payment_id: null,
        amount,
        currency_code: currency,
        data: current.data,
        state: "waiting",
      }),
    );
    return true;
  }
}
