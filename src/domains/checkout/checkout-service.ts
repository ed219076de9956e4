import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { inTurn } from "../../database/in-turn.ts";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import { Conflict, InvalidData, NotAllowed, ShopError } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import { asUsual, showCart } from "../carts/cart-view.ts";
import { type GivenBack, giveBack, type Returning } from "../payments/give-back.ts";
import { type AuthorizedPayment, keepCanceledPayment, noteSession } from "../payments/payment-rows.ts";
import { type Begun, beginCompletion, type Paying, type Who } from "./begin-completion.ts";
import { sayingWhatBecame } from "./checkout-rules.ts";
import { type Claim, Claims, LostClaim, MOST_TRIES } from "./claims.ts";
import { claimHeldPayment, findHeldPayment } from "./held-payments.ts";
import type { Completed, Outcome } from "./outcome.ts";
import { type Outcomes, outcomesOf } from "./outcomes.ts";
import { authorize, type Paid, providerOf, tell } from "./payment-steps.ts";

/** What a cart became, or the cart whose payment needs more. */
export type Completion = Completed | { data: Tree; payment_status: string; type: "cart" };

interface Completing extends Pick<Call, "now" | "idempotency"> {
  /** The provider that says that the cart was paid with it; undefined for a shopper's own call. */
  readonly paidBy?: string;
}

const BUSY = "The cart is being completed. Try again shortly.";

/** How long a request waits for another process that completes the same cart. */
const PATIENCE = 8000;
const PAUSE = 100;

/**
 * From a full cart to an order, in steps: claim, tell, authorize, place; or give back. Each step is written down before it is done, so whoever comes next goes on
 * where it ended.
 */
export class CheckoutService {
  readonly #database: Knex;
  readonly #providers: Providers;
  readonly #outcomes: Outcomes;
  readonly #claims = new Claims();

  constructor(database: Knex, providers: Providers, events: Events) {
    this.#database = database;
    this.#providers = providers;
    this.#outcomes = outcomesOf(events);
  }

  /**
   * Completes a cart, or gives what it became already.
   * @throws NotFound · NotAllowed · InvalidData something is missing, the payment is declined, or a discount is used up · OutOfStock · Conflict what is due
   * has changed, or another process is at it · PaidByAnother · ProviderFailure asking again goes on
   */
  complete(call: Completing, cartId: string): Promise<Completion> {
    return inTurn(`cart:${cartId}`, async () => {
      const end = Date.now() + PATIENCE;
      for (;;) {
        try {
          const answer = await this.#goOn(call, cartId, "shopper");
          if (answer) return answer;
        } catch (error) {
          if (!(error instanceof LostClaim)) throw error;
        }
        if (Date.now() > end) throw new Conflict(BUSY);
        await sleep(PAUSE * (0.5 + Math.random()));
      }
    });
  }

  /**
   * Finishes a completion that was cut off, without the shopper: what was begun goes on; what cannot, and what is given up, is given back, and the cart is open.
   * Gives what the cart became; undefined when it is open again, or nobody's to finish.
   * @throws ShopError the cart is refused · ProviderFailure it has to wait
   */
  finish(now: Date, cartId: string, who: Exclude<Who, "shopper">): Promise<Completion | undefined> {
    return inTurn(`cart:${cartId}`, () => this.#goOn({ now, idempotency: undefined }, cartId, who));
  }

  /**
   * Gives back what a provider holds for a cart that it does not pay, or that is refused. Says whether there was any.
   * @throws Conflict another process is at the cart · ProviderFailure
   */
  giveBackHeld(cartId: string, providerId: string): Promise<boolean> {
    return inTurn(`cart:${cartId}`, async () => {
      const held = await findHeldPayment(this.#database, this.#providers, cartId, providerId);
      if (!held) return false;
      const claim = await useCase(this.#database, (trx) => claimHeldPayment(trx, this.#claims, held));
      if (!claim) throw new Conflict(BUSY);
      const walk = () => this.#giveBack(claim);
      await this.#holding(claim, () => this.#claims.renewing(this.#database, claim, walk)).catch((error: unknown) => {
        throw error instanceof LostClaim ? new Conflict(BUSY) : error;
      });
      return true;
    });
  }

  /** One way through the steps; undefined when it has to be gone again. */
  async #goOn(call: Completing, cartId: string, who: Who): Promise<Completion | undefined> {
    const begun = await beginCompletion(this.#means, { cartId, now: call.now, who, paidBy: call.paidBy });
    if (begun.step === "busy") return;
    if (begun.step === "placed") return this.#placed(call, begun.outcome, begun.id);
    const walk = () => this.#walk(call, begun);
    return this.#holding(begun.claim, () => this.#claims.renewing(this.#database, begun.claim, walk));
  }

  get #means() {
    return { database: this.#database, providers: this.#providers, claims: this.#claims, outcomes: this.#outcomes };
  }

  /** Whatever goes wrong, others may go on at once; what was being paid stays noted. */
  async #holding<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await insist(() => this.#claims.letGo(this.#database, claim)).catch(() => undefined);
      throw error;
    }
  }

  async #walk(call: Completing, begun: Extract<Begun, { claim: Claim }>): Promise<Completion | undefined> {
    if (begun.step === "give back") {
      await this.#giveBack(begun.claim);
      return;
    }
    const paid = await this.#pay(begun);
    if (!paid || paid.status === "authorized") return this.#place(call, begun, paid);
    if (paid.status === "error" || paid.status === "canceled") return this.#declined(begun.claim, paid);
    return this.#needsMore(call, begun, paid);
  }

  /** Nothing is locked while the provider works. An answer that got lost leaves the try noted; the same question brings it back. */
  async #pay({ claim, cart }: Paying): Promise<Paid | undefined> {
    if (claim.attempt === null) return;
    if (claim.payment_id !== null) return { status: "authorized", data: claim.data };
    const provider = providerOf(this.#providers, claim);
    if (claim.state === "authorizing") return authorize(provider, cart, claim);
    const data = await tell(provider, cart, claim).catch(async (error: unknown) => {
      // Whoever refuses to hear of a payment has set nothing aside.
      if (error instanceof NotAllowed) await this.#claims.end(this.#database, claim);
      throw error;
    });
    return authorize(provider, cart, await this.#claims.note(this.#database, claim, { state: "authorizing", data }));
  }

  async #declined(claim: Claim, paid: Paid): Promise<never> {
    const refusal = paid.refusal ?? new InvalidData("Cart payment not authorized");
    if (paid.isHeld) return this.#refused(claim, paid, refusal);
    await useCase(this.#database, async (trx) => {
      await this.#claims.end(trx, claim);
      if (!paid.refusal) await noteSession(trx, claim, paid);
    });
    throw refusal;
  }

  /** The provider wants something of the shopper first. Asked again, the completion goes on, so this answer is not kept. */
  #needsMore(call: Completing, { claim, rates }: Paying, { status, data }: Paid): Promise<Completion> {
    return useCase(this.#database, async (trx) => {
      await this.#claims.end(trx, claim);
      await noteSession(trx, claim, { status, data });
      const showing = { ...asUsual, forcesTaxes: true };
      const { cart } = await showCart(trx, claim.cart_id, showing, { now: call.now, findRates: async () => rates });
      return { data: cart, payment_status: status, type: "cart" as const };
    });
  }

  /** Step "place": the one transaction that makes of the cart what it becomes; refused, what was paid is given back. */
  async #place(call: Completing, { claim, rates, outcome }: Paying, paid: Paid | undefined): Promise<Completion> {
    const payment = paid && paymentOf(claim, paid.data);
    try {
      return await answerOnce(this.#database, call as Call, async (trx) => {
        await query(trx, sql`select 1 from cart where id = ${claim.cart_id} for update`);
        await this.#claims.end(trx, claim);
        const placing = { cartId: claim.cart_id, amount: claim.amount, payment, rates, now: call.now };
        return outcome.show(trx, await outcome.place(trx, placing));
      });
    } catch (error) {
      if (error instanceof ShopError) return this.#refused(claim, paid, error);
      const id = await this.#becameOf(claim, outcome);
      if (id === undefined) throw error;
      return this.#placed(call, outcome, id);
    }
  }

  /** A connection can be lost while it commits: then only the database knows. The lock waits for a transaction that is not over yet. */
  #becameOf(claim: Claim, outcome: Outcome): Promise<string | undefined> {
    return insist(() =>
      useCase(this.#database, async (trx) => {
        await query(trx, sql`select 1 from cart where id = ${claim.cart_id} for update`);
        return outcome.find(trx, claim.cart_id);
      }),
    );
  }

  /** Gives back what was paid, and says so; what cannot be given back yet, whoever comes next will. */
  async #refused(claim: Claim, paid: Paid | undefined, refusal: ShopError): Promise<never> {
    if (!paid) {
      await this.#claims.end(this.#database, claim);
      throw refusal;
    }
    const noted = await this.#claims.note(this.#database, claim, { state: "canceling", data: paid.data });
    const what = await this.#giveBack(noted).catch(() => "later" as const);
    throw sayingWhatBecame(refusal, what);
  }

  /** Gives back what was paid and opens the cart again; tells what was given back. */
  async #giveBack(claim: Claim): Promise<GivenBack["what"]> {
    const noteGivingUp = () => this.#claims.note(this.#database, claim, { state: "deleting" });
    const back =
      claim.attempt === null ? undefined : await giveBack(providerOf(this.#providers, claim), returning(claim, noteGivingUp));
    await useCase(this.#database, async (trx) => {
      await this.#claims.end(trx, claim);
      if (!back) return;
      if (back.what !== "nothing" || claim.payment_id)
        await keepCanceledPayment(trx, { ...paymentOf(claim, claim.data), amount: back.amount }, back);
      else await noteSession(trx, claim, { status: "canceled", data: back.data });
    });
    return back?.what ?? "nothing";
  }

  #placed(call: Completing, outcome: Outcome, id: string): Promise<Completion> {
    return answerOnce(this.#database, call as Call, (trx) => outcome.show(trx, id));
  }
}

/** Does what may be done twice again, should all connections have been lost and the next one, too. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 5) throw error;
      await sleep(25 * 2 ** tries);
    }
  }
}

/** Its provider may know nothing more of a payment that was given up, or whose session was, and whose answer got lost. */
function returning(claim: Claim, noteGivingUp: Returning["noteGivingUp"]): Returning {
  return {
    resourceId: claim.cart_id,
    amount: claim.amount,
    currencyCode: claim.currency_code!,
    data: claim.data,
    attempt: claim.attempt!,
    mayBeGone: claim.state === "deleting" || claim.tries >= MOST_TRIES,
    noteGivingUp,
  };
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
