import type { Transaction } from "../../commands/transaction.ts";
import type { Events } from "../../events/events.ts";
import { moveToHeldRelease, moveToReleases } from "../payments/attempts/abandon-checkout.ts";
import type { CheckoutLease } from "../payments/attempts/checkout-leases.ts";
import type { PaymentRelease } from "../payments/attempts/release-leases.ts";
import { publishRelease, type ReleaseReason } from "./publish-release.ts";

/**
 * `start`: a shopper's call starts or resumes a completion · `resume`: the background loop resumes
 * an interrupted one · `abort`: the loop gives it up, and its payment is released.
 */
export type CompletionMode = "start" | "resume" | "abort";

/** A completion that ended without an order; `release` is what the caller must release. */
interface CanceledStep {
  readonly step: "canceled";
  readonly release: PaymentRelease | undefined;
}

const INTERRUPTED: ReleaseReason = {
  refusal: { message: "The checkout was interrupted and could not be finished" },
  initiator: "recovery",
};

/**
 * Ends the lease; the release of its payment, if it has one, is queued. A shopper's call does not
 * wait for it, the background loop does it.
 */
export async function cancelCompletion(
  trx: Transaction,
  events: Events,
  lease: CheckoutLease,
  mode: CompletionMode,
): Promise<CanceledStep> {
  if (mode === "start") {
    await moveToReleases(trx, lease);
    return { step: "canceled", release: undefined };
  }
  const release = await moveToHeldRelease(trx, lease);
  if (release) publishRelease(trx, events, release, INTERRUPTED);
  return { step: "canceled", release };
}
