import type { Knex } from "knex";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { runCommand } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { AmountChangedError, NotFoundError } from "../../core/errors.ts";
import { newId } from "../../database/new-id.ts";
import { deferError } from "../../database/send-together.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { lockCartRow } from "../carts/cart-lock.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { loadCartWithVariants } from "../carts/load-cart-with-variants.ts";
import { findProvidedRates, type ProvidedRates } from "../carts/provided-rates.ts";
import type { SessionFollower } from "../carts/session-follower.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import {
  acquireInterruptedLeases,
  acquireLeases,
  deleteLeases,
  endLease,
  recordFirstStep,
  recordStep,
} from "../payments/attempts/lease-queries.ts";
import type { PaymentReleaser } from "../payments/attempts/payment-releaser.ts";
import type { PaymentRelease } from "../payments/attempts/release-leases.ts";
import { showUnfollowed } from "../payments/followed-session-queries.ts";
import { findLastRelease, findLivePayment, type LivePayment } from "../payments/payment-queries.ts";
import { needsInitiation, type PaymentSession } from "../payments/payment-session-queries.ts";
import { isUnfollowed, markUnfollowed } from "../payments/unfollowed-session-queries.ts";
import { type CompletionMode, cancelCompletion } from "./cancel-completion.ts";
import type {
  CompletionConditions,
  CompletionTarget,
  CompletionTargets,
  Due,
} from "./completion-target.ts";
import { mustBePaidBy, type PaymentReporter, selectedSessionOf } from "./payment-reporter.ts";
import { providerDataOf, requirePaymentProvider } from "./payment-steps.ts";

/** A cart under a lease that must be paid, if anything is due, and placed. */
export interface PayStep {
  readonly step: "pay";
  readonly lease: CheckoutLease;
  readonly cart: Cart;
  readonly rates: ProvidedRates | undefined;
  readonly target: CompletionTarget;
}

/** Where a completion stands after its first transaction. */
export type CompletionStep =
  | { readonly step: "placed"; readonly target: CompletionTarget; readonly id: string }
  | { readonly step: "busy" }
  | { readonly step: "canceled"; readonly release: PaymentRelease | undefined }
  | { readonly step: "unfollowed"; readonly sessionId: string }
  | PayStep;

export interface CheckoutDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly targets: CompletionTargets;
  readonly events: Events;
  /** How long the transaction may take that places an order or confirms a swap. */
  readonly placementSeconds: number;
  readonly releaser: Pick<PaymentReleaser, "release" | "releaseSoon">;
  readonly follower: Pick<SessionFollower, "follow">;
  readonly log: Log;
}

/** Which cart is completed, and how. */
export interface CompletionRequest {
  readonly cartId: string;
  readonly now: Date;
  readonly mode: CompletionMode;
  /** The provider that reports the payment, if one does. No other provider is asked to pay then. */
  readonly paidBy: PaymentReporter | undefined;
  /** The customer who is logged in. */
  readonly customerId: string | undefined;
}

/**
 * First step: acquires the lease of a cart, checks that nothing is missing, and records what is
 * going to be paid.
 * @throws NotFoundError if the cart does not exist
 * @throws NotAllowedError if the cart has no payment session
 * @throws InvalidDataError if the cart is empty or has no customer
 * @throws AmountChangedError if more is due than the shopper was shown
 * @throws PaidByAnotherProviderError
 * @throws PaymentNotConfirmedError if the provider reports a payment without saying which, and does
 * not confirm the selected one
 * @throws UnavailableError if this server does not have the provider of an interrupted payment
 */
export function beginCompletion(
  deps: CheckoutDeps,
  { cartId, now, mode, paidBy, customerId }: CompletionRequest,
): Promise<CompletionStep> {
  const { database, providers, targets } = deps;
  const withoutKey = { idempotency: undefined };
  return runCommand(database, withoutKey, {}, async (trx, { callProvider }) => {
    const usual = targets("default");
    const [{ type, lease, loaded, live }, placedId] = await Promise.all([
      lockForCompletion(trx, cartId, mode),
      usual.find(trx, cartId),
    ]);
    const target = targets(type);
    const id = target === usual ? placedId : await target.find(trx, cartId);
    if (id) {
      await deleteLeases(trx, checkoutLeases, cartId);
      return { step: "placed", target, id };
    }
    if (!lease) return { step: "busy" };
    if (lease.state === "canceling" || lease.state === "deleting" || mode === "abort")
      return cancelCompletion(trx, deps.events, lease, mode);
    const { cart, variants } = loaded();
    if (paidBy) await mustBePaidBy(providers, cart, paidBy, callProvider);
    const rates = await findTaxRates(providers, cart, callProvider);
    const payStep = { step: "pay", lease, cart, rates, target } as const;
    const due = amountDueOf(cart, rates, now);
    return decide(trx, deps, payStep, { ...due, mode, live, variants, customerId });
  });
}

/**
 * Locks a cart's row, and reads what a completion needs to know of it, in one round trip. Acquires
 * its lease, if no other process holds it.
 * @throws NotFoundError if the cart does not exist
 */
async function lockForCompletion(trx: Transaction, cartId: string, mode: CompletionMode) {
  const [row, [lease], loaded, live] = await Promise.all([
    lockCartRow(trx, cartId),
    mode === "start"
      ? acquireLeases(trx, checkoutLeases, [{ cart_id: cartId }])
      : acquireInterruptedLeases(trx, checkoutLeases, cartId),
    deferError(loadCartWithVariants(trx, cartId)),
    findLivePayment(trx, cartId),
  ]);
  if (!row || row.is_deleted) throw new NotFoundError(`Cart with ${cartId} was not found`);
  return { type: row.type, lease, loaded, live };
}

function findTaxRates(
  providers: Providers,
  cart: Cart,
  callProvider: CallProvider,
): Promise<ProvidedRates | undefined> {
  return findProvidedRates(providers, cart, (provider, question) =>
    callProvider(provider, "taxLines", question),
  );
}

function amountDueOf(cart: Cart, rates: ProvidedRates | undefined, now: Date): Due {
  const total = (forcesTaxes: boolean) => totalsNow(cart, { forcesTaxes, rates, now }).whole.total;
  return { due: Math.max(total(true), 0), shown: total(false), now };
}

interface PaymentDecision extends Due, CompletionConditions {
  readonly mode: CompletionMode;
  /** A payment that Medusa has left. */
  readonly live: LivePayment | undefined;
}

/** Decides about the payment: resume one, adopt one that Medusa left, or start one. */
async function decide(
  trx: Transaction,
  deps: CheckoutDeps,
  payStep: PayStep,
  decision: PaymentDecision,
): Promise<CompletionStep> {
  const { lease } = payStep;
  const { mode, due, live } = decision;
  if (lease.attempt !== null && lease.payment_id === null)
    return resume(trx, deps, payStep, decision);
  if (live) return adopt(trx, deps, payStep, live, decision);
  if (due > 0 && mode !== "start") return cancelCompletion(trx, deps.events, lease, mode);
  return start(trx, deps, payStep, decision);
}

async function start(
  trx: Transaction,
  { providers }: CheckoutDeps,
  payStep: PayStep,
  decision: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart, target } = payStep;
  const session = await target
    .requireReadySession(trx, cart, decision, decision)
    .catch(async (error: unknown) => {
      if (error instanceof AmountChangedError) error.payment = await findLastRelease(trx, cart.id);
      throw error;
    });
  if (!session) return payStep;
  const { pure } = providers.payment.get(session.provider_id);
  if (!pure && (await mustFollowFirst(trx, session, decision.due))) {
    await endLease(trx, checkoutLeases, lease);
    return { step: "unfollowed", sessionId: session.id };
  }
  const isKnown = !pure && Object.keys(providerDataOf(session)).length > 0;
  const recorded = recordFirstStep(trx, checkoutLeases, lease, {
    // What is followed is for the amount already, and may be confirmed by the shopper.
    state: isKnown ? "authorizing" : "telling",
    attempt: newId("attempt"),
    session_id: session.id,
    payment_id: null,
    provider_id: session.provider_id,
    amount: decision.due,
    currency_code: cart.region.currency_code,
    data: providerDataOf(session),
  });
  return { ...payStep, lease: recorded };
}

/**
 * Whether a remote provider must be called before a session pays. Another amount than the session's
 * is one that its provider does not know.
 */
async function mustFollowFirst(
  trx: Transaction,
  session: PaymentSession,
  due: number,
): Promise<boolean> {
  if (needsInitiation(session) || session.amount === due) return isUnfollowed(trx, session.id);
  markUnfollowed(trx, [session.id], null);
  showUnfollowed(trx, session.id, due);
  return true;
}

async function resume(
  trx: Transaction,
  deps: CheckoutDeps,
  payStep: PayStep,
  { due, mode }: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  requirePaymentProvider(deps.providers, lease);
  return lease.amount === due && lease.session_id === selectedSessionOf(cart)?.id
    ? payStep
    : cancelCompletion(trx, deps.events, lease, mode);
}

/** Uses a payment that Medusa left, or releases it where another amount is due. */
async function adopt(
  trx: Transaction,
  deps: CheckoutDeps,
  payStep: PayStep,
  live: LivePayment,
  { due, mode }: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  const fits = live.amount === due && live.currency_code === cart.region.currency_code;
  const adopted = {
    state: fits ? "authorizing" : "canceling",
    attempt: lease.attempt ?? newId("attempt"),
    session_id: selectedSessionOf(cart)?.id ?? null,
    payment_id: live.id,
    provider_id: live.provider_id,
    amount: live.amount,
    currency_code: live.currency_code,
    data: live.data,
  } as const;
  if (!fits) return cancelCompletion(trx, deps.events, { ...lease, ...adopted }, mode);
  return { ...payStep, lease: await recordStep(trx, checkoutLeases, lease, adopted) };
}
