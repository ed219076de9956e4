import { runInTransaction } from "../../commands/transaction.ts";
import type { ShopError } from "../../core/errors.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease, recordStep } from "../payments/attempts/lease-queries.ts";
import { type ReleasedPayment, releasePayment } from "../payments/attempts/refund-or-void.ts";
import { saveReleasedPayment } from "../payments/payment-queries.ts";
import { recordStatus } from "../payments/payment-session-queries.ts";
import type { CheckoutDeps } from "./begin-completion.ts";
import { toAuthorizedPayment, toPaymentToRelease } from "./lease-payments.ts";
import { type PaymentResult, requirePaymentProvider } from "./payment-steps.ts";

/**
 * Refuses a completion, and releases what was paid. A release that fails is left to the next
 * completion or to the background loop.
 * @throws the refusal, with what became of the payment
 * @throws LeaseLostError
 */
export async function refuseCheckout(
  deps: CheckoutDeps,
  lease: CheckoutLease,
  result: PaymentResult | undefined,
  refusal: ShopError,
): Promise<never> {
  if (!result) {
    await endLease(deps.database, checkoutLeases, lease);
    throw refusal;
  }
  const recorded = await recordStep(deps.database, checkoutLeases, lease, {
    state: "canceling",
    data: result.data,
  });
  refusal.payment = await releaseCheckout(deps, recorded).then(
    ({ outcome }) => (outcome === "refunded" ? "refunded" : "voided"),
    () => "pending",
  );
  throw refusal;
}

/**
 * Refunds or voids what a lease records, and opens the cart again.
 * @throws ProviderError
 * @throws LeaseLostError
 * @throws UnavailableError if this server does not have the provider
 */
export async function releaseCheckout(
  deps: CheckoutDeps,
  lease: CheckoutLease,
): Promise<Pick<ReleasedPayment, "outcome">> {
  const { database, providers, log } = deps;
  if (lease.attempt === null) {
    await endLease(database, checkoutLeases, lease);
    return { outcome: "none" };
  }
  const payment = toPaymentToRelease(lease, () =>
    recordStep(database, checkoutLeases, lease, { state: "deleting" }),
  );
  return releasePayment(log, requirePaymentProvider(providers, lease), payment, (released) =>
    openCart(deps, lease, released),
  );
}

/** Records what became of a payment, and ends the lease of its cart. */
function openCart(
  { database }: CheckoutDeps,
  lease: CheckoutLease,
  released: ReleasedPayment,
): Promise<void> {
  return runInTransaction(database, async (trx) => {
    await endLease(trx, checkoutLeases, lease);
    if (released.outcome !== "none" || lease.payment_id)
      await saveReleasedPayment(trx, toAuthorizedPayment(lease, lease.data), released);
    else {
      const { amount, session_id } = lease;
      await recordStatus(trx, session_id, { status: "canceled", data: released.data, amount });
    }
  });
}
