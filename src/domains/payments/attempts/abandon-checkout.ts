import type { Knex } from "knex";
import { recordStatus, resetSession } from "../payment-session-queries.ts";
import { isGivenUp } from "./back-off.ts";
import { type CheckoutLease, checkoutLeases } from "./checkout-leases.ts";
import { endLease } from "./lease-queries.ts";
import { lockCheckoutLease } from "./lock-checkout-lease.ts";
import {
  type NewPaymentRelease,
  type PaymentRelease,
  queueHeldRelease,
  queueRelease,
} from "./release-leases.ts";

/**
 * Ends a checkout that places nothing, and queues the release of its payment under the key of its
 * attempt, so that the cart is open again.
 */
export async function moveToReleases(trx: Knex.Transaction, lease: CheckoutLease): Promise<void> {
  await endLease(trx, checkoutLeases, lease);
  const release = releaseOfCheckout(lease);
  if (!release) return;
  await queueRelease(trx, release);
  await closeSession(trx, release);
}

/**
 * Does the same, and acquires the lease of the release. Returns undefined where nothing is to be
 * released.
 */
export async function moveToHeldRelease(
  trx: Knex.Transaction,
  lease: CheckoutLease,
): Promise<PaymentRelease | undefined> {
  await endLease(trx, checkoutLeases, lease);
  const release = releaseOfCheckout(lease);
  if (!release) return;
  await closeSession(trx, release);
  return queueHeldRelease(trx, release);
}

/** Returns the release of the payment that a lease records; undefined where there is none. */
function releaseOfCheckout(lease: CheckoutLease): NewPaymentRelease | undefined {
  const { attempt, cart_id, provider_id, session_id, payment_id, amount, currency_code, data } =
    lease;
  if (attempt === null || provider_id === null) return;
  return {
    ...{ attempt, resource_id: cart_id, provider_id, session_id, payment_id, amount, data },
    currency_code: currency_code ?? "",
    state: lease.state === "deleting" || isGivenUp(lease) ? "deleting" : "waiting",
  };
}

/** The session's payment is going to be released: it must be initiated again before it pays. */
function closeSession(trx: Knex.Transaction, release: NewPaymentRelease): Promise<void> {
  const { session_id, data, amount } = release;
  return recordStatus(trx, session_id, { status: "canceled", data, amount });
}

/**
 * Cancels an interrupted checkout of a cart whose row is locked: the release of its payment is
 * queued, and its session is initiated again before it pays. Returns false while a process holds
 * the lease. A repeat after a rollback leaves the same session: its time is the interruption's.
 */
export async function cancelInterruptedCheckout(
  trx: Knex.Transaction,
  cartId: string,
): Promise<boolean> {
  const lease = await lockCheckoutLease(trx, cartId);
  if (!lease) return true;
  if (lease.is_held) return false;
  await endLease(trx, checkoutLeases, lease);
  const release = releaseOfCheckout({ ...lease, session_id: null });
  if (release) await queueRelease(trx, release);
  if (lease.session_id) await resetSession(trx, lease.session_id, lease.interrupted_at);
  return true;
}
