import { isDeepStrictEqual } from "node:util";
import type { Knex } from "knex";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { runCommand } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { AmountChangedError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import { newId } from "../../database/new-id.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { lockCartRow } from "../carts/cart-lock.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import { type Cart, loadCart } from "../carts/cart-tree.ts";
import { findProvidedRates, type ProvidedRates } from "../carts/provided-rates.ts";
import { moveToHeldRelease, moveToReleases } from "../payments/attempts/abandon-checkout.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import {
  acquireInterruptedLeases,
  acquireLeases,
  deleteLeases,
  recordStep,
} from "../payments/attempts/lease-queries.ts";
import type { PaymentReleaser } from "../payments/attempts/payment-releaser.ts";
import type { PaymentRelease } from "../payments/attempts/release-leases.ts";
import { findLastRelease, findLivePayment, type LivePayment } from "../payments/payment-queries.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { CompletionTarget, CompletionTargets, Due } from "./completion-target.ts";
import { providerDataOf, requirePaymentProvider } from "./payment-steps.ts";

/**
 * `start`: a shopper's call starts or resumes a completion · `resume`: the background loop resumes
 * an interrupted one · `abort`: the loop gives it up, and its payment is released.
 */
export type CompletionMode = "start" | "resume" | "abort";

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
  | PayStep;

export interface CheckoutDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly targets: CompletionTargets;
  /** How long the transaction may take that places an order or confirms a swap. */
  readonly placementSeconds: number;
  readonly releaser: Pick<PaymentReleaser, "release" | "releaseSoon">;
  readonly log: Log;
}

/** Which cart is completed, and how. */
export interface CompletionRequest {
  readonly cartId: string;
  readonly now: Date;
  readonly mode: CompletionMode;
  /** The provider that reports the payment, if one does. No other provider is asked to pay then. */
  readonly paidBy: PaymentReporter | undefined;
}

/** A provider that reports a payment. */
export interface PaymentReporter {
  readonly providerId: string;
  /** A part of the payment's data; undefined where the provider does not say which payment. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** The provider that reports a payment is not the one that the shopper has selected. */
export class PaidByAnotherProviderError extends NotAllowedError {
  constructor() {
    super("The cart is paid by another payment provider");
  }
}

/**
 * First step: acquires the lease of a cart, checks that nothing is missing, and records what is
 * going to be paid.
 * @throws NotFoundError if the cart does not exist
 * @throws NotAllowedError if the cart has no payment session
 * @throws InvalidDataError if the cart is empty or has no customer
 * @throws AmountChangedError if more is due than the shopper was shown
 * @throws PaidByAnotherProviderError
 * @throws UnavailableError if this server does not have the provider of an interrupted payment
 */
export function beginCompletion(
  deps: CheckoutDeps,
  { cartId, now, mode, paidBy }: CompletionRequest,
): Promise<CompletionStep> {
  const { database, providers, targets } = deps;
  const withoutKey = { idempotency: undefined };
  return runCommand(database, withoutKey, {}, async (trx, { callProvider }) => {
    const target = targets(await lockCartType(trx, cartId));
    const id = await target.find(trx, cartId);
    if (id) {
      await deleteLeases(trx, checkoutLeases, cartId);
      return { step: "placed", target, id };
    }
    const [lease] =
      mode === "start"
        ? await acquireLeases(trx, checkoutLeases, [{ cart_id: cartId }])
        : await acquireInterruptedLeases(trx, checkoutLeases, cartId);
    if (!lease) return { step: "busy" };
    if (lease.state === "canceling" || lease.state === "deleting" || mode === "abort")
      return cancel(trx, lease, mode);
    const cart = await loadCart(trx, cartId);
    mustBePaidBy(cart, paidBy);
    const rates = await findTaxRates(providers, cart, callProvider);
    const payStep = { step: "pay", lease, cart, rates, target } as const;
    return decide(trx, deps, payStep, {
      ...amountDueOf(cart, rates, now),
      mode,
    });
  });
}

async function lockCartType(trx: Transaction, cartId: string): Promise<string> {
  const row = await lockCartRow(trx, cartId);
  if (!row || row.is_deleted) throw new NotFoundError(`Cart with ${cartId} was not found`);
  return row.type;
}

function mustBePaidBy(cart: Cart, paidBy: PaymentReporter | undefined): void {
  if (!paidBy) return;
  const session = selectedSessionOf(cart);
  const known = Object(session?.data ?? {}) as Record<string, unknown>;
  const isSame = Object.entries(paidBy.data ?? {}).every(([name, value]) =>
    isDeepStrictEqual(known[name], value),
  );
  if (session?.provider_id !== paidBy.providerId || !isSame) throw new PaidByAnotherProviderError();
}

function selectedSessionOf({ payment_sessions }: Cart): PaymentSession | undefined {
  return payment_sessions.find(({ is_selected }) => is_selected);
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

interface PaymentDecision extends Due {
  readonly mode: CompletionMode;
}

/** Decides about the payment: resume one, adopt one that Medusa left, or start one. */
async function decide(
  trx: Transaction,
  deps: CheckoutDeps,
  payStep: PayStep,
  { mode, ...due }: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  if (lease.attempt !== null && lease.payment_id === null)
    return resume(trx, deps, payStep, { mode, ...due });
  const live = await findLivePayment(trx, cart.id);
  if (live) return adopt(trx, payStep, live, { mode, ...due });
  if (due.due > 0 && mode !== "start") return cancel(trx, lease, mode);
  return start(trx, deps, payStep, due);
}

async function start(
  trx: Transaction,
  { providers }: CheckoutDeps,
  payStep: PayStep,
  due: Due,
): Promise<CompletionStep> {
  const { lease, cart, target } = payStep;
  const session = await target.requireReadySession(trx, cart, due).catch(async (error: unknown) => {
    if (error instanceof AmountChangedError) error.payment = await findLastRelease(trx, cart.id);
    throw error;
  });
  if (!session) return payStep;
  providers.payment.get(session.provider_id);
  const recorded = await recordStep(trx, checkoutLeases, lease, {
    state: "telling",
    attempt: newId("attempt"),
    session_id: session.id,
    payment_id: null,
    provider_id: session.provider_id,
    amount: due.due,
    currency_code: cart.region.currency_code,
    data: providerDataOf(session),
  });
  return { ...payStep, lease: recorded };
}

async function resume(
  trx: Transaction,
  { providers }: CheckoutDeps,
  payStep: PayStep,
  { due, mode }: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  requirePaymentProvider(providers, lease);
  return lease.amount === due && lease.session_id === selectedSessionOf(cart)?.id
    ? payStep
    : cancel(trx, lease, mode);
}

/** Uses a payment that Medusa left, or releases it where another amount is due. */
async function adopt(
  trx: Transaction,
  payStep: PayStep,
  live: LivePayment,
  { due, mode }: PaymentDecision,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  const fits = live.amount === due;
  const adopted = {
    state: fits ? "authorizing" : "canceling",
    attempt: lease.attempt ?? newId("attempt"),
    session_id: selectedSessionOf(cart)?.id ?? null,
    payment_id: live.id,
    provider_id: live.provider_id,
    amount: live.amount,
    currency_code: cart.region.currency_code,
    data: live.data,
  } as const;
  if (!fits) return cancel(trx, { ...lease, ...adopted }, mode);
  return { ...payStep, lease: await recordStep(trx, checkoutLeases, lease, adopted) };
}

/**
 * Ends the lease; the release of its payment, if it has one, is queued. A shopper's call does not
 * wait for it, the background loop does it.
 */
async function cancel(
  trx: Transaction,
  lease: CheckoutLease,
  mode: CompletionMode,
): Promise<CompletionStep> {
  if (mode !== "start") return { step: "canceled", release: await moveToHeldRelease(trx, lease) };
  await moveToReleases(trx, lease);
  return { step: "canceled", release: undefined };
}
