import type { Knex } from "knex";
import { type CallProvider, withProviderCalls } from "../../commands/provider-calls.ts";
import { runInTransaction } from "../../commands/transaction.ts";
import { AmountChangedError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import { type Cart, loadCart } from "../carts/cart-tree.ts";
import { findProvidedRates, type ProvidedRates } from "../carts/provided-rates.ts";
import { findLastReleaseKind, findLivePayment } from "../payments/payment-queries.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { type CheckoutLease, type CheckoutLeases, deleteCheckoutLease } from "./checkout-lease.ts";
import { appendReleaseMessage } from "./checkout-rules.ts";
import type { CompletionTarget, CompletionTargets, Due } from "./completion-target.ts";
import { providerDataOf, requirePaymentProvider } from "./payment-steps.ts";

/**
 * Who completes a cart: a `shopper` begins, or goes on; the `sweep` only goes on with what was
 * begun, and `gives up` on what could not be finished for long, so that what is paid goes back.
 */
export type CompletionMode = "start" | "resume" | "abort";

/** A claimed cart that is to be paid, if anything is due, and placed. */
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
  | { readonly step: "release"; readonly lease: CheckoutLease }
  | PayStep;

export interface CompletionDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly leases: CheckoutLeases;
  readonly targets: CompletionTargets;
}

/** Which cart is completed, and by whom. */
export interface CompletionRequest {
  readonly cartId: string;
  readonly now: Date;
  readonly mode: CompletionMode;
  /** The provider that says that it was paid, if one does: no other one is made to pay. */
  readonly paidBy: string | undefined;
}

/** The provider that tells of a payment is not the one that the shopper chose. */
export class PaidByAnotherProviderError extends NotAllowedError {
  constructor() {
    super("The cart is paid by another payment provider");
  }
}

/**
 * Step "claim": claims the cart, checks that nothing is missing, and notes what is going to be
 * paid.
 * @throws NotFound · NotAllowed · InvalidData · Conflict something is missing · PaidByAnother ·
 * Unavailable this server does not have the provider that is at it
 */
export function beginCompletion(
  deps: CompletionDeps,
  { cartId, now, mode, paidBy }: CompletionRequest,
): Promise<CompletionStep> {
  const { database, providers, leases, targets } = deps;
  return withProviderCalls((callProvider) =>
    runInTransaction(database, async (trx): Promise<CompletionStep> => {
      const target = targets(await lockCartRow(trx, cartId));
      const id = await target.find(trx, cartId);
      if (id) {
        await deleteCheckoutLease(trx, cartId);
        return { step: "placed", target, id };
      }
      const lease =
        mode === "start"
          ? await leases.acquire(trx, cartId)
          : await leases.acquireInterrupted(trx, cartId);
      if (!lease) return { step: "busy" };
      if (lease.state === "canceling" || lease.state === "deleting")
        return { step: "release", lease };
      if (mode === "abort") return cancel(trx, leases, lease);
      const cart = await loadCart(trx, cartId);
      mustBePaidBy(cart, paidBy);
      const rates = await findTaxRates(providers, cart, callProvider);
      const payStep = { step: "pay", lease, cart, rates, target } as const;
      return decide(trx, deps, payStep, {
        ...amountDueOf(cart, rates, now),
        mayInitiate: mode === "start",
      });
    }),
  );
}

function mustBePaidBy(cart: Cart, providerId: string | undefined): void {
  if (providerId !== undefined && selectedSessionOf(cart)?.provider_id !== providerId)
    throw new PaidByAnotherProviderError();
}

function selectedSessionOf({ payment_sessions }: Cart): PaymentSession | undefined {
  return payment_sessions.find(({ is_selected }) => is_selected);
}

/** What a cart becomes is said by its type. */
async function lockCartRow(trx: Knex.Transaction, cartId: string): Promise<string> {
  const locked = await query<{ type: string }>(
    trx,
    sql`select type from cart where id = ${cartId} and deleted_at is null for update`,
  );
  if (!locked[0]) throw new NotFoundError(`Cart with ${cartId} was not found`);
  return locked[0].type;
}

function findTaxRates(
  providers: Providers,
  cart: Cart,
  callProvider: CallProvider,
): Promise<ProvidedRates | undefined> {
  return findProvidedRates(providers, cart as unknown as Tree, (provider, question) =>
    callProvider(provider, "taxLines", question),
  );
}

function amountDueOf(cart: Cart, rates: ProvidedRates | undefined, now: Date): Due {
  const total = (forcesTaxes: boolean) => totalsNow(cart, { forcesTaxes, rates, now }).whole.total;
  return { due: Math.max(total(true), 0), shown: total(false), now };
}

interface PaymentDecision extends Due {
  /** Whether a payment may begin that had not begun yet. */
  readonly mayInitiate: boolean;
}

/**
 * What is to be done about the payment: go on with one that was begun, give it back, or begin one.
 */
async function decide(
  trx: Knex.Transaction,
  deps: CompletionDeps,
  payStep: PayStep,
  { mayInitiate, ...due }: PaymentDecision,
): Promise<CompletionStep> {
  const { leases, providers } = deps;
  const { lease, cart, target } = payStep;
  if (lease.attempt !== null && lease.payment_id === null)
    return resume(trx, deps, payStep, due.due);
  const live = await findLivePayment(trx, cart.id);
  if (live) return adopt(trx, leases, payStep, live, due.due);
  if (due.due > 0 && !mayInitiate) return { step: "release", lease };
  const session = await target
    .requireReadySession(trx, cart, due)
    .catch(async (refusal: unknown) => {
      const earlier =
        refusal instanceof AmountChangedError ? await findLastReleaseKind(trx, cart.id) : undefined;
      throw earlier ? appendReleaseMessage(refusal as AmountChangedError, earlier) : refusal;
    });
  if (!session) return payStep;
  providers.payment.get(session.provider_id);
  const recorded = await leases.record(trx, lease, {
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
  trx: Knex.Transaction,
  { leases, providers }: CompletionDeps,
  payStep: PayStep,
  due: number,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  requirePaymentProvider(providers, lease);
  return lease.amount === due && lease.session_id === selectedSessionOf(cart)?.id
    ? payStep
    : cancel(trx, leases, lease);
}

type LivePayment = NonNullable<Awaited<ReturnType<typeof findLivePayment>>>;

/** A payment that a Medusa has left is used, or given back where something else is due. */
async function adopt(
  trx: Knex.Transaction,
  leases: CheckoutLeases,
  payStep: PayStep,
  live: LivePayment,
  due: number,
): Promise<CompletionStep> {
  const { lease, cart } = payStep;
  const fits = live.amount === due;
  const recorded = await leases.record(trx, lease, {
    state: fits ? "authorizing" : "canceling",
    attempt: lease.attempt ?? newId("attempt"),
    session_id: selectedSessionOf(cart)?.id ?? null,
    payment_id: live.id,
    provider_id: live.provider_id,
    amount: live.amount,
    currency_code: cart.region.currency_code,
    data: live.data,
  });
  return fits ? { ...payStep, lease: recorded } : { step: "release", lease: recorded };
}

async function cancel(
  trx: Knex.Transaction,
  leases: CheckoutLeases,
  lease: CheckoutLease,
): Promise<CompletionStep> {
  return { step: "release", lease: await leases.record(trx, lease, { state: "canceling" }) };
}
