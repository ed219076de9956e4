import { runInTransaction } from "../../commands/transaction.ts";
import type { PaymentAfterRefusal, ShopError } from "../../core/errors.ts";
import { moveToHeldRelease } from "../payments/attempts/abandon-checkout.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease } from "../payments/attempts/lease-queries.ts";
import type { CheckoutDeps } from "./begin-completion.ts";
import type { PaymentResult } from "./payment-steps.ts";

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
  refusal: ShopError,
): Promise<never> {
  if (result) refusal.payment = await releaseCheckout(deps, { ...lease, data: result.data });
  else await endLease(deps.database, checkoutLeases, lease);
  throw refusal;
}

async function releaseCheckout(
  { database, releaser }: CheckoutDeps,
  lease: CheckoutLease,
): Promise<PaymentAfterRefusal> {
  const release = await runInTransaction(database, (trx) => moveToHeldRelease(trx, lease));
  if (!release) return "pending";
  return releaser.release(release).then(
    ({ outcome }) => (outcome === "refunded" ? "refunded" : "voided"),
    () => "pending",
  );
}
