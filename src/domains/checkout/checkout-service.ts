import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { inTurn } from "../../database/in-turn.ts";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import { Conflict, InvalidData, NotFound, ShopError } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { consulting } from "../../providers/consulting.ts";
import { ProviderFailure } from "../../providers/provider-failure.ts";
import type { Providers } from "../../providers/providers.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import { type Cart, loadCart } from "../carts/cart-tree.ts";
import { asUsual, showCart } from "../carts/cart-view.ts";
import { findProvidedRates, type ProvidedRates } from "../carts/provided-taxes.ts";
import { findOrderIdOfCart } from "../orders/order-queries.ts";
import { orderPlaced } from "../orders/order-view.ts";
import {
  type AuthorizedPayment,
  findLivePayment,
  keepCanceledPayment,
  keepPayment,
  noteSession,
} from "../payments/payment-rows.ts";
import { mustBeReady } from "./checkout-rules.ts";
import { type Claim, claimCart, endClaim, LostClaim, letGo, noteAttempt } from "./claims.ts";
import { giveBack, type Paid, payCart } from "./pay-cart.ts";
import { placeOrder } from "./place-order.ts";

/** The order of a cart, or the cart whose payment needs more. */
export type Completion = { data: Tree; type: "order" } | { data: Tree; payment_status: string; type: "cart" };

type Completing = Pick<Call, "now" | "idempotency">;

/** Where a completion stands after its first transaction. */
type Begun =
  | { readonly step: "placed"; readonly orderId: string }
  | { readonly step: "busy" }
  | { readonly step: "give back"; readonly claim: Claim; readonly cart: Cart }
  | { readonly step: "pay"; readonly claim: Claim; readonly cart: Cart; readonly rates: ProvidedRates | undefined };

/** How long a request waits for another process that completes the same cart. */
const PATIENCE = 8000;
const PAUSE = 100;

/** From a full cart to an order: claim, pay, place. Each step is written down before it is done, so whoever comes next goes on where it ended. */
export class CheckoutService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
  ) {}

  /**
   * Completes a cart, or gives the order that it became already.
   * @throws NotFound · NotAllowed · InvalidData something is missing, the payment is declined, or a discount is used up · OutOfStock · Conflict what is due
   * has changed, or another process is at it · ProviderFailure asking again goes on
   */
  complete(call: Completing, cartId: string): Promise<Completion> {
    return inTurn(`cart:${cartId}`, async () => {
      const end = Date.now() + PATIENCE;
      for (;;) {
        try {
          const answer = await this.#goOn(call, cartId);
          if (answer) return answer;
        } catch (error) {
          if (!(error instanceof LostClaim)) throw error;
        }
        if (Date.now() > end) throw new Conflict("The cart is being completed. Try again shortly.");
        await sleep(PAUSE * (0.5 + Math.random()));
      }
    });
  }

  /** One way through the steps; undefined when it has to be gone again. */
  async #goOn(call: Completing, cartId: string): Promise<Completion | undefined> {
    const begun = await this.#begin(call, cartId);
    if (begun.step === "placed") return answerOnce(this.database, call as Call, (trx) => this.#show(trx, begun.orderId));
    if (begun.step === "busy") return;
    if (begun.step === "give back") {
      await this.#giveBack(begun.claim, begun.cart);
      return;
    }
    const paid = await this.#pay(begun);
    if (paid && paid.status !== "authorized") return this.#notPaid(call, begun, paid);
    return this.#place(call, begun, paid);
  }

  /** Claims the cart, checks that nothing is missing, and notes what is going to be paid. */
  #begin(call: Completing, cartId: string): Promise<Begun> {
    return consulting((ask) =>
      useCase(this.database, async (trx): Promise<Begun> => {
        await query(trx, sql`select 1 from cart where id = ${cartId} and deleted_at is null for update`);
        const orderId = await findOrderIdOfCart(trx, cartId);
        if (orderId) return { step: "placed", orderId };
        const cart = await loadCart(trx, cartId);
        const claim = await claimCart(trx, cartId);
        if (!claim) return { step: "busy" };
        if (claim.state === "canceling") return { step: "give back", claim, cart };
        const rates = await findProvidedRates(this.providers, cart as unknown as Tree, (provider, question) =>
          ask(provider, "taxLines", question),
        );
        const due = Math.max(totalsNow(cart, { forcesTaxes: true, rates, now: call.now }).whole.total, 0);
        return this.#intend(trx, claim, cart, due, rates);
      }),
    );
  }

  /** What is to be done about the payment: go on with one that was begun, give it back, or begin one. */
  async #intend(trx: Knex.Transaction, claim: Claim, cart: Cart, due: number, rates: ProvidedRates | undefined): Promise<Begun> {
    const chosen = cart.payment_sessions.find(({ is_selected }) => is_selected);
    if (claim.attempt !== null && claim.payment_id === null) {
      if (claim.amount === due && claim.session_id === chosen?.id) return { step: "pay", claim, cart, rates };
      return { step: "give back", claim: await noteAttempt(trx, claim, { ...claim, state: "canceling" }), cart };
    }
    const live = await findLivePayment(trx, cart.id);
    const currency_code = cart.region.currency_code;
    if (live) {
      const attempt = {
        attempt: newId("attempt"),
        session_id: chosen?.id ?? null,
        payment_id: live.id,
        provider_id: live.provider_id,
        amount: live.amount,
        currency_code,
        data: live.data,
      };
      const fits = live.amount === due;
      const noted = await noteAttempt(trx, claim, { ...attempt, state: fits ? "paying" : "canceling" });
      return fits ? { step: "pay", claim: noted, cart, rates } : { step: "give back", claim: noted, cart };
    }
    const session = mustBeReady(cart, due);
    if (!session) return { step: "pay", claim, cart, rates };
    const { id, provider_id, data } = session;
    const noted = await noteAttempt(trx, claim, {
      state: "paying",
      attempt: newId("attempt"),
      session_id: id,
      payment_id: null,
      provider_id,
      amount: due,
      currency_code,
      data: (data ?? {}) as Claim["data"],
    });
    return { step: "pay", claim: noted, cart, rates };
  }

  /** Nothing is locked while the provider works. An answer that got lost leaves the try noted; the same question brings it back. */
  async #pay({ claim, cart }: Extract<Begun, { step: "pay" }>): Promise<Paid | undefined> {
    if (claim.attempt === null) return;
    if (claim.payment_id !== null) return { status: "authorized", data: claim.data };
    try {
      return await payCart(this.providers.payment.get(claim.provider_id!), cart, claim);
    } catch (error) {
      if (error instanceof ProviderFailure) await letGo(this.database, claim);
      else await endClaim(this.database, claim);
      throw error;
    }
  }

  /** The provider wants more from the shopper, or declines. */
  async #notPaid(call: Completing, { claim }: { readonly claim: Claim }, paid: Paid): Promise<Completion> {
    const note = async (trx: Knex.Transaction) => {
      await endClaim(trx, claim);
      await noteSession(trx, claim.session_id, paid);
    };
    if (paid.status === "error" || paid.status === "canceled") {
      await useCase(this.database, note);
      throw new InvalidData("Cart payment not authorized");
    }
    return answerOnce(this.database, call as Call, async (trx) => {
      await note(trx);
      const { cart } = await showCart(trx, claim.cart_id, asUsual, { now: call.now, findRates: async () => undefined });
      return { data: cart, payment_status: paid.status, type: "cart" as const };
    });
  }

  /** The one transaction that makes the order; refused, what was paid is given back. */
  async #place(
    call: Completing,
    { claim, cart, rates }: Extract<Begun, { step: "pay" }>,
    paid: Paid | undefined,
  ): Promise<Completion> {
    const { cart_id: cartId, amount } = claim;
    try {
      return await answerOnce(this.database, call as Call, async (trx) => {
        await query(trx, sql`select 1 from cart where id = ${cartId} for update`);
        await endClaim(trx, claim);
        const orderId = await placeOrder(trx, this.events, { cartId, amount, rates, now: call.now });
        if (paid) await keepPayment(trx, paymentOf(claim, paid.data), orderId);
        return this.#show(trx, orderId);
      });
    } catch (error) {
      if (!(error instanceof ShopError)) throw error;
      if (paid)
        await this.#giveBack(await noteAttempt(this.database, claim, { ...claim, state: "canceling", data: paid.data }), cart);
      else await endClaim(this.database, claim);
      throw error;
    }
  }

  /** Gives back what was paid and opens the cart again. */
  async #giveBack(claim: Claim, cart: Cart): Promise<void> {
    try {
      const data = await giveBack(this.providers.payment.get(claim.provider_id!), cart, claim);
      await useCase(this.database, async (trx) => {
        await endClaim(trx, claim);
        if (data || claim.payment_id) await keepCanceledPayment(trx, paymentOf(claim, claim.data), data ?? claim.data);
      });
    } catch (error) {
      await letGo(this.database, claim).catch(() => undefined);
      throw error;
    }
  }

  async #show(connection: Knex, orderId: string): Promise<Completion> {
    const { shape, present } = orderPlaced();
    const order = await loadTree(connection, shape, orderId);
    if (!order) throw new NotFound(`Order with id ${orderId} was not found`);
    return { data: present(order), type: "order" };
  }
}

function paymentOf(claim: Claim, data: Paid["data"]): AuthorizedPayment {
  return {
    cartId: claim.cart_id,
    sessionId: claim.session_id,
    paymentId: claim.payment_id,
    providerId: claim.provider_id!,
    amount: claim.amount,
    currencyCode: claim.currency_code!,
    data,
  };
}
