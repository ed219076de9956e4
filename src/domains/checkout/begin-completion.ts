import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import { DueChanged, NotAllowed, NotFound } from "../../errors.ts";
import type { Tree } from "../../graph/entity.ts";
import { type Ask, consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import { type Cart, loadCart, type Session } from "../carts/cart-tree.ts";
import { findProvidedRates, type ProvidedRates } from "../carts/provided-taxes.ts";
import { findGivenBack, findLivePayment } from "../payments/payment-rows.ts";
import { sayingWhatBecame } from "./checkout-rules.ts";
import { type Claim, type Claims, forgetClaim } from "./claims.ts";
import type { Due, Outcome } from "./outcome.ts";
import type { Outcomes } from "./outcomes.ts";
import { knownOf, providerOf } from "./payment-steps.ts";

/**
 * Who completes a cart: a `shopper` begins, or goes on; the `sweep` only goes on with what was begun, and `gives up` on what could not be finished for
 * long, so that what is paid goes back.
 */
export type Who = "shopper" | "sweep" | "sweep that gives up";

/** A claimed cart that is to be paid, if anything is due, and placed. */
export interface Paying {
  readonly step: "pay";
  readonly claim: Claim;
  readonly cart: Cart;
  readonly rates: ProvidedRates | undefined;
  readonly outcome: Outcome;
}

/** Where a completion stands after its first transaction. */
export type Begun =
  | { readonly step: "placed"; readonly outcome: Outcome; readonly id: string }
  | { readonly step: "busy" }
  | { readonly step: "give back"; readonly claim: Claim }
  | Paying;

interface Means {
  readonly database: Knex;
  readonly providers: Providers;
  readonly claims: Claims;
  readonly outcomes: Outcomes;
}

/** Which cart is completed, and by whom. */
export interface Beginning {
  readonly cartId: string;
  readonly now: Date;
  readonly who: Who;
  /** The provider that says that it was paid, if one does: no other one is made to pay. */
  readonly paidBy: string | undefined;
}

/** The provider that tells of a payment is not the one that the shopper chose. */
export class PaidByAnother extends NotAllowed {
  constructor() {
    super("The cart is paid by another payment provider");
  }
}

/**
 * Step "claim": claims the cart, checks that nothing is missing, and notes what is going to be paid.
 * @throws NotFound · NotAllowed · InvalidData · Conflict something is missing · PaidByAnother · Unavailable this server does not have the provider that is at it
 */
export function beginCompletion(means: Means, { cartId, now, who, paidBy }: Beginning): Promise<Begun> {
  const { database, providers, claims, outcomes } = means;
  return consulting((ask) =>
    useCase(database, async (trx): Promise<Begun> => {
      const outcome = outcomes(await lockCart(trx, cartId));
      const id = await outcome.find(trx, cartId);
      if (id) {
        await forgetClaim(trx, cartId);
        return { step: "placed", outcome, id };
      }
      const claim = who === "shopper" ? await claims.claim(trx, cartId) : await claims.claimLeft(trx, cartId);
      if (!claim) return { step: "busy" };
      if (claim.state === "canceling" || claim.state === "deleting") return { step: "give back", claim };
      if (who === "sweep that gives up") return cancel(trx, claims, claim);
      const cart = await loadCart(trx, cartId);
      mustBePaidBy(cart, paidBy);
      const rates = await ratesOf(providers, cart, ask);
      const claimed = { step: "pay", claim, cart, rates, outcome } as const;
      return decide(trx, means, claimed, { ...dueOf(cart, rates, now), mayBegin: who === "shopper" });
    }),
  );
}

function mustBePaidBy(cart: Cart, providerId: string | undefined): void {
  if (providerId !== undefined && chosenOf(cart)?.provider_id !== providerId) throw new PaidByAnother();
}

function chosenOf({ payment_sessions }: Cart): Session | undefined {
  return payment_sessions.find(({ is_selected }) => is_selected);
}

/** What a cart becomes is said by its type. */
async function lockCart(trx: Knex.Transaction, cartId: string): Promise<string> {
  const locked = await query<{ type: string }>(
    trx,
    sql`select type from cart where id = ${cartId} and deleted_at is null for update`,
  );
  if (!locked[0]) throw new NotFound(`Cart with ${cartId} was not found`);
  return locked[0].type;
}

function ratesOf(providers: Providers, cart: Cart, ask: Ask): Promise<ProvidedRates | undefined> {
  return findProvidedRates(providers, cart as unknown as Tree, (provider, question) => ask(provider, "taxLines", question));
}

function dueOf(cart: Cart, rates: ProvidedRates | undefined, now: Date): Due {
  const total = (forcesTaxes: boolean) => totalsNow(cart, { forcesTaxes, rates, now }).whole.total;
  return { due: Math.max(total(true), 0), shown: total(false) };
}

interface Deciding extends Due {
  /** Whether a payment may begin that had not begun yet. */
  readonly mayBegin: boolean;
}

/** What is to be done about the payment: go on with one that was begun, give it back, or begin one. */
async function decide(trx: Knex.Transaction, means: Means, claimed: Paying, { mayBegin, ...due }: Deciding): Promise<Begun> {
  const { claims, providers } = means;
  const { claim, cart, outcome } = claimed;
  if (claim.attempt !== null && claim.payment_id === null) return goOn(trx, means, claimed, due.due);
  const live = await findLivePayment(trx, cart.id);
  if (live) return adopt(trx, claims, claimed, live, due.due);
  if (due.due > 0 && !mayBegin) return { step: "give back", claim };
  const session = await outcome.mustBeReady(trx, cart, due).catch(async (refusal: unknown) => {
    const earlier = refusal instanceof DueChanged ? await findGivenBack(trx, cart.id) : undefined;
    throw earlier ? sayingWhatBecame(refusal as DueChanged, earlier) : refusal;
  });
  if (!session) return claimed;
  providers.payment.get(session.provider_id);
  const noted = await claims.note(trx, claim, {
    state: "telling",
    attempt: newId("attempt"),
    session_id: session.id,
    payment_id: null,
    provider_id: session.provider_id,
    amount: due.due,
    currency_code: cart.region.currency_code,
    data: knownOf(session),
  });
  return { ...claimed, claim: noted };
}

async function goOn(trx: Knex.Transaction, { claims, providers }: Means, claimed: Paying, due: number): Promise<Begun> {
  const { claim, cart } = claimed;
  providerOf(providers, claim);
  return claim.amount === due && claim.session_id === chosenOf(cart)?.id ? claimed : cancel(trx, claims, claim);
}

type Live = NonNullable<Awaited<ReturnType<typeof findLivePayment>>>;

/** A payment that a Medusa has left is used, or given back where something else is due. */
async function adopt(trx: Knex.Transaction, claims: Claims, claimed: Paying, live: Live, due: number): Promise<Begun> {
  const { claim, cart } = claimed;
  const fits = live.amount === due;
  const noted = await claims.note(trx, claim, {
    state: fits ? "authorizing" : "canceling",
    attempt: claim.attempt ?? newId("attempt"),
    session_id: chosenOf(cart)?.id ?? null,
    payment_id: live.id,
    provider_id: live.provider_id,
    amount: live.amount,
    currency_code: cart.region.currency_code,
    data: live.data,
  });
  return fits ? { ...claimed, claim: noted } : { step: "give back", claim: noted };
}

async function cancel(trx: Knex.Transaction, claims: Claims, claim: Claim): Promise<Begun> {
  return { step: "give back", claim: await claims.note(trx, claim, { state: "canceling" }) };
}
