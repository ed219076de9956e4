import { runInTransaction } from "../../commands/transaction.ts";
import type { PaymentAfterRefusal, ShopError } from "../../core/errors.ts";
import { moveToHeldRelease } from "../payments/attempts/abandon-checkout.ts";
import type { PaymentResult } from "../payments/attempts/authorize-payment.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease } from "../payments/attempts/lease-queries.ts";
import type { CheckoutDeps } from "./begin-completion.ts";
import { type CompletionInitiator, publishRelease, type ReleaseReason } from "./publish-release.ts";

/**
 * Refuses a completion, and releases what was paid. A release that fails stays queued; the cart is
 * open again in either case.
 * @throws the refusal, with what became of the payment
 * @throws LeaseLostError
 */
export async function refuseCheckout(
  deps: CheckoutDeps,
  lease: CheckoutLease,
  result: PaymentResult | undefined,
  reason: { readonly refusal: ShopError; readonly initiator: CompletionInitiator },
): Promise<never> {
  const { refusal } = reason;
  if (result)
    refusal.payment = await releaseCheckout(deps, { ...lease, data: result.data }, reason);
  else await endLease(deps.database, checkoutLeases, lease);
  throw refusal;
}

async function releaseCheckout(
  { database, releaser, events }: CheckoutDeps,
  lease: CheckoutLease,
  reason: ReleaseReason,
): Promise<PaymentAfterRefusal> {
  const release = await runInTransaction(database, async (trx) => {
    const held = await moveToHeldRelease(trx, lease);
    if (held) publishRelease(trx, events, held, reason);
    return held;
  });
  if (!release) return "pending";
  return releaser.release(release).then(
    ({ outcome }) => (outcome === "refunded" ? "refunded" : "voided"),
    () => "pending",
  );
}
