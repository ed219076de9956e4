import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { inTurn } from "../../database/in-turn.ts";
import { NotFound } from "../../errors.ts";
import type { Tree } from "../../graph/entity.ts";
import { findOwner } from "./cart-queries.ts";
import type { CartChange, CartQuery, LineChange, NewCart, NewLine, NewShippingMethod } from "./cart-schemas.ts";
import { type Cart, loadCart, loadCartForUpdate } from "./cart-tree.ts";
import { asAsked, asUsual, type CartShowing, showCart, withCustomer, withTaxes } from "./cart-view.ts";
import { changeCart, removeDiscount, takeOver } from "./change-cart.ts";
import { addLine, changeLine, removeLines } from "./change-lines.ts";
import { addShippingMethod, findOptionsFor } from "./choose-shipping.ts";
import { createCart } from "./create-cart.ts";
import { pricedOptions } from "./priced-options.ts";
import { insertCart, saveCart } from "./save-cart.ts";

type CartAnswer = Promise<{ cart: Tree }>;
type Decide = (trx: Knex.Transaction, cart: Cart) => Promise<Cart>;

/** Carts: what a shopper does to them. What each use case decides and refuses stands where it is decided. */
export class CartService {
  constructor(private readonly database: Knex) {}

  create(call: Call, sent: NewCart): CartAnswer {
    return answerOnce(this.database, call, async (trx) => {
      const cart = await createCart(trx, call, sent);
      await insertCart(trx, cart);
      return showCart(trx, cart.id, asUsual, call.now);
    });
  }

  /**
   * A cart as a client asks for it. A guest's cart becomes the customer's who is logged in and looks at it, at their prices; another account's does not.
   * @throws NotFound · InvalidData fields or relations that are not allowed
   */
  async retrieve(call: Call, id: string, asked: CartQuery): CartAnswer {
    if (!call.customerId) return showCart(this.database, id, asAsked(asked, false), call.now);
    const owner = await findOwner(this.database, id);
    if (!owner) throw new NotFound(`Cart with ${id} was not found`);
    const isTheirs = owner.customerId === call.customerId;
    const stays = owner.isCompleted || (isTheirs ? owner.email !== null : owner.hasAccount);
    const showing = asAsked(asked, isTheirs || !stays);
    if (stays) return showCart(this.database, id, showing, call.now);
    return this.#change(call, id, showing, (trx, cart) => takeOver(trx, call, cart));
  }

  /** Changes what is named of a cart. */
  change(call: Call, id: string, sent: CartChange): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart) => changeCart(trx, call, cart, sent));
  }

  /** Puts a variant into a cart. */
  addLine(call: Call, id: string, sent: NewLine): CartAnswer {
    return this.#change(call, id, withCustomer, (trx, cart) => addLine(trx, call, cart, sent));
  }

  /** Changes a line's quantity and metadata. */
  changeLine(call: Call, id: string, lineId: string, sent: LineChange): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart) => changeLine(trx, call, cart, lineId, sent));
  }

  /** Takes a line away; one that is not there is no fault. */
  removeLine(call: Call, id: string, lineId: string): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart) => removeLines(trx, call, cart, new Set([lineId])));
  }

  /** Takes a discount's code away; one that is not there is no fault. */
  removeDiscount(call: Call, id: string, code: string): CartAnswer {
    return this.#change(call, id, asUsual, async (trx, cart) => removeDiscount(trx, call, cart, code));
  }

  /** Chooses a way of shipping. */
  addShippingMethod(call: Call, id: string, sent: NewShippingMethod): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart) => addShippingMethod(trx, call, cart, sent));
  }

  /**
   * A cart with its taxes, also where its region does not show them by itself; nothing of it is kept.
   * @throws NotFound
   */
  calculateTaxes(call: Call, id: string): CartAnswer {
    return showCart(this.database, id, withTaxes, call.now);
  }

  /**
   * The shipping options that a cart can choose among, with their taxes.
   * @throws NotFound
   */
  async listShippingOptions(call: Call, id: string): Promise<{ shipping_options: Tree[] }> {
    const cart = await loadCart(this.database, id);
    return { shipping_options: pricedOptions(await findOptionsFor(this.database, cart, call.now), cart.region) };
  }

  /** The four beats of every change: one after another for one cart, load, decide, save what differs, show. */
  #change(call: Call, id: string, showing: CartShowing, decide: Decide): CartAnswer {
    return inTurn(`cart:${id}`, () =>
      answerOnce(this.database, call, async (trx) => {
        const before = await loadCartForUpdate(trx, id);
        const after = await decide(trx, before);
        await saveCart(trx, before, after);
        return showCart(trx, id, showing, call.now);
      }),
    );
  }
}
