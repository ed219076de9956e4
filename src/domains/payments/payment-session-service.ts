import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { useCase } from "../../database/use-case.ts";
import type { Tree } from "../../graph/entity.ts";
import { consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import { mustBeOpen } from "../carts/cart-rules.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import { type Cart, loadCartForUpdate, type Session } from "../carts/cart-tree.ts";
import { asUsual, type CartShowing, showCart, withFewRelations, withSessions } from "../carts/cart-view.ts";
import { inCartTurn } from "../carts/claimed-carts.ts";
import { findProvidedRates } from "../carts/provided-taxes.ts";
import { createSessions, refreshSession, removeSession, selectSession, tellSession } from "./change-sessions.ts";
import { freshSessionIds, NotKeptYet, SessionDesk } from "./session-desk.ts";
import { keepSession, saveSessions } from "./session-rows.ts";

type CartAnswer = Promise<{ cart: Tree }>;

/** What a change of a cart's sessions may need to know. */
interface Deciding {
  readonly cart: Cart;
  /** What is to be paid, all taxes included, in the smallest unit. */
  readonly due: number;
  readonly desk: SessionDesk;
  readonly fresh: ReturnType<typeof freshSessionIds>;
}

/** How often a request may find that a session has to be kept first. */
const MOST_TRIES = 3;

type Decide = (deciding: Deciding) => Promise<readonly Session[]>;

/** Payment sessions of carts: by which provider a shopper is going to pay, and what it needs to know. */
export class PaymentSessionService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
  ) {}

  /**
   * Makes the sessions of a cart, or brings them up to date. `data` is the cart once more, as Medusa gives it. A completed cart stays as it is.
   * @throws NotFound · ProviderFailure
   */
  create(call: Call, cartId: string): Promise<{ cart: Tree; data: Tree }> {
    const decide: Decide = async ({ cart, due, desk, fresh }) =>
      cart.completed_at ? cart.payment_sessions : createSessions(cart, due, desk, fresh);
    return this.#change(call, cartId, withSessions, decide, ({ cart }) => {
      const { raw_discount_total: _, ...data } = cart;
      return { cart, data };
    });
  }

  /**
   * Chooses the session that pays.
   * @throws NotFound · NotAllowed the region does not have the provider, or the cart no session of it · ProviderFailure
   */
  select(call: Call, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(call, cartId, asUsual, ({ cart, due, desk }) => selectSession(cart, providerId, due, desk));
  }

  /**
   * Chooses a session and tells its provider something.
   * @throws NotFound · NotAllowed the region does not have the provider, or the cart no session of it · ProviderFailure
   */
  tell(call: Call, cartId: string, providerId: string, data: Readonly<Record<string, unknown>>): CartAnswer {
    return this.#changeOpen(call, cartId, asUsual, ({ cart, due, desk }) => tellSession(cart, providerId, due, data, desk));
  }

  /**
   * Takes a session away.
   * @throws NotFound · ProviderFailure
   */
  remove(call: Call, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(call, cartId, asUsual, ({ cart, desk }) => removeSession(cart, providerId, desk));
  }

  /**
   * Begins a session anew.
   * @throws NotFound · ProviderFailure
   */
  refresh(call: Call, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(call, cartId, withFewRelations, ({ cart, due, desk, fresh }) =>
      refreshSession(cart, providerId, due, desk, fresh),
    );
  }

  #changeOpen(call: Call, cartId: string, showing: CartShowing, decide: Decide): CartAnswer {
    const open: Decide = (deciding) => {
      mustBeOpen(deciding.cart);
      return decide(deciding);
    };
    return this.#change(call, cartId, showing, open, (shown) => shown);
  }

  /** The four beats of a write, and no provider is asked while the cart is locked. */
  #change<T>(call: Call, cartId: string, showing: CartShowing, decide: Decide, answer: (shown: { cart: Tree }) => T): Promise<T> {
    const fresh = freshSessionIds();
    const work = () =>
      consulting((ask) =>
        answerOnce(this.database, call, async (trx) => {
          const cart = await loadCartForUpdate(trx, cartId);
          const rates = await findProvidedRates(this.providers, cart as unknown as Tree, (provider, question) =>
            ask(provider, "taxLines", question),
          );
          const due = totalsNow(cart, { forcesTaxes: true, rates, now: call.now }).whole.total;
          const desk = new SessionDesk(this.providers, ask, fresh);
          await saveSessions(trx, cart.payment_sessions, await decide({ cart, due, desk, fresh }));
          await desk.keepMetadata(trx, cart);
          return answer(await showCart(trx, cartId, showing, { now: call.now, findRates: async () => rates }));
        }),
      );
    return inCartTurn(cartId, () => this.#keepingFirst(cartId, work));
  }

  /** Sessions that have to be kept before their providers hear of them are, and the work starts anew. */
  async #keepingFirst<T>(cartId: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof NotKeptYet) || tries === MOST_TRIES) throw error;
        await useCase(this.database, async (trx) => {
          await loadCartForUpdate(trx, cartId);
          await keepSession(trx, error.session);
        });
      }
    }
  }
}
