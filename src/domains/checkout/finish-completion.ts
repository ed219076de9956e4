import { runIdempotently } from "../../commands/idempotency.ts";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { InvalidDataError, ShopError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { databaseRefusalOf } from "../../database/database-errors.ts";
import { endTransactionAfter } from "../../database/end-transaction-after.ts";
import { commitAhead } from "../../database/transaction.ts";
import type { Tree } from "../../graph/entity.ts";
import { lockCartRow } from "../carts/cart-lock.ts";
import { loadCart } from "../carts/cart-tree.ts";
import { defaultCartView, showCart } from "../carts/cart-view.ts";
import { findProvidedRates } from "../carts/provided-rates.ts";
import type { PaymentResult } from "../payments/attempts/authorize-payment.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease, LeaseLostError } from "../payments/attempts/lease-queries.ts";
import { recordStatus } from "../payments/payment-session-queries.ts";
import type { CheckoutDeps, PayStep } from "./begin-completion.ts";
import type { Completed, CompletionTarget } from "./completion-target.ts";
import { findPlacedId } from "./find-placed-id.ts";
import { toAuthorizedPayment } from "./lease-payments.ts";
import type { CompletionInitiator } from "./publish-release.ts";
import { refuseCheckout } from "./release-checkout.ts";

/** What a cart became, or the cart whose payment needs more of the shopper. */
export type Completion = Completed | { data: Tree; payment_status: string; type: "cart" };

/** The part of a request that a completion needs. */
export interface CompletionContext extends Pick<RequestContext, "now" | "idempotency"> {
  readonly initiator: CompletionInitiator;
}

/**
 * Last step: makes the cart what it becomes, in one transaction. Where that is refused, the payment
 * is released.
 * @throws ShopError the refusal
 * @throws LeaseLostError if another process continues
 */
export async function placeCompletion(
  deps: CheckoutDeps,
  ctx: CompletionContext,
  { lease, rates, target }: PayStep,
  result: PaymentResult | undefined,
): Promise<Completion> {
  const { cart_id: cartId, amount } = lease;
  const payment = result && toAuthorizedPayment(lease, result.data);
  const place = async (trx: Transaction) => {
    const [, , , cart] = await Promise.all([
      endTransactionAfter(deps.database, trx, deps.placementSeconds),
      lockCartRow(trx, cartId),
      endLease(trx, checkoutLeases, lease),
      loadCart(trx, cartId),
    ]);
    const placement = { cart, amount, payment, rates, now: ctx.now };
    const id = await target.place(trx, placement);
    // What many orders want is locked by now: others wait for no answer of this process.
    return target.show(ctx.idempotency ? trx : commitAhead(deps.database, trx), id);
  };
  try {
    return await runIdempotently(deps.database, ctx, place);
  } catch (error) {
    if (error instanceof ShopError && !(error instanceof LeaseLostError))
      return refuseCheckout(deps, lease, result, { refusal: error, initiator: ctx.initiator });
    const id = await findPlacedId(deps.database, lease, target);
    if (id === undefined) return refuseForDatabase(deps, ctx, { lease, result, error });
    return showPlaced(deps, ctx, target, id);
  }
}

interface DatabaseFailure {
  readonly lease: CheckoutLease;
  readonly result: PaymentResult | undefined;
  readonly error: unknown;
}

/**
 * Refuses what PostgreSQL refuses for good: a repeat would hold the shopper's money for nothing.
 * @throws the refusal in words, or the error where a repeat may succeed
 */
function refuseForDatabase(
  deps: CheckoutDeps,
  { initiator }: CompletionContext,
  { lease, result, error }: DatabaseFailure,
): Promise<never> {
  const refusal = databaseRefusalOf(error);
  if (!refusal) throw error;
  deps.log.error(
    { event: "order_refused_by_database", cart: lease.cart_id, err: error },
    "The database refuses to place an order; its payment is refunded or voided",
  );
  return refuseCheckout(deps, lease, result, { refusal, initiator });
}

/**
 * Shows what a cart has become. The answer is not stored under the Idempotency-Key: a repeated
 * request shows the same again.
 */
export function showPlaced(
  { database }: CheckoutDeps,
  { idempotency }: Pick<CompletionContext, "idempotency">,
  target: CompletionTarget,
  id: string,
): Promise<Completion> {
  idempotency?.leaveUnstored();
  return target.show(database, id);
}

/**
 * Records that the provider needs something of the shopper first, and shows the cart. The answer is
 * not stored under the Idempotency-Key: a repeated request resumes the completion.
 */
export function recordRequiresMore(
  { database }: CheckoutDeps,
  { now }: CompletionContext,
  { lease, rates }: PayStep,
  { status, data }: PaymentResult,
): Promise<Completion> {
  return runInTransaction(database, async (trx) => {
    await endLeaseWith(trx, lease, { status, data });
    const view = { ...defaultCartView, forcesTaxes: true };
    const { cart } = await showCart(trx, lease.cart_id, view, {
      now,
      // The default view of a cart has no customer.
      viewerId: undefined,
      findRates: async () => rates,
    });
    return { data: cart, payment_status: status, type: "cart" as const };
  });
}

/**
 * Shows a cart with a payment that the shopper has not seen yet. The answer is not stored under the
 * Idempotency-Key: a repeated request completes the cart.
 */
export async function showRenewed(
  { database, providers }: CheckoutDeps,
  { now }: Pick<CompletionContext, "now">,
  cartId: string,
): Promise<Completion> {
  const view = { ...defaultCartView, forcesTaxes: true };
  const { cart } = await showCart(database, cartId, view, {
    now,
    viewerId: undefined,
    findRates: (taxed) =>
      findProvidedRates(providers, taxed, (provider, question) => provider.taxLines(question)),
  });
  return { data: cart, payment_status: "pending", type: "cart" };
}

/**
 * Records that the payment was declined, or releases it where the provider holds money all the
 * same.
 * @throws NotAllowedError if the provider has refused
 * @throws InvalidDataError if the payment was declined
 */
export async function declineCompletion(
  deps: CheckoutDeps,
  { initiator }: CompletionContext,
  lease: CheckoutLease,
  result: PaymentResult,
): Promise<never> {
  const refusal = result.refusal ?? new InvalidDataError("Cart payment not authorized");
  if (result.holdsFunds) return refuseCheckout(deps, lease, result, { refusal, initiator });
  if (result.refusal) await endLease(deps.database, checkoutLeases, lease);
  else await runInTransaction(deps.database, (trx) => endLeaseWith(trx, lease, result));
  throw refusal;
}

/** Ends a lease whose payment is not authorized, and records what its provider said. */
async function endLeaseWith(
  trx: Transaction,
  lease: CheckoutLease,
  { status, data }: PaymentResult,
): Promise<void> {
  await endLease(trx, checkoutLeases, lease);
  await recordStatus(trx, lease.session_id, { status, data, amount: lease.amount });
}
