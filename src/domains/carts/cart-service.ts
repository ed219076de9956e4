import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { NotFound } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { type Ask, consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import { loadCustomer } from "../customers/customer-view.ts";
import { findOwner } from "./cart-queries.ts";
import type { CartChange, CartQuery, LineChange, NewCart, NewLine, NewShippingMethod } from "./cart-schemas.ts";
import { totalsNow } from "./cart-totals.ts";
import { type Cart, loadCart, loadCartForUpdate } from "./cart-tree.ts";
import { asAsked, asUsual, type CartShowing, showCart, withCustomer, withoutRawDiscounts, withTaxes } from "./cart-view.ts";
import { changeCart, removeDiscount, takeOver } from "./change-cart.ts";
import { addLine, changeLine, removeLines } from "./change-lines.ts";
import { addShippingMethod, findOptionsFor } from "./choose-shipping.ts";
import { inCartTurn, leaveDropped } from "./claimed-carts.ts";
import { createCart } from "./create-cart.ts";
import { FulfillmentDesk } from "./fulfillment-desk.ts";
import { KeptIds, type Means } from "./means.ts";
import { pricedOptions } from "./priced-options.ts";
import { findProvidedRates, type ProvidedRates } from "./provided-taxes.ts";
import { sessionsOf } from "./recalculated.ts";
import { insertCart, saveCart } from "./save-cart.ts";

type CartAnswer = Promise<{ cart: Tree }>;
type Decide = (trx: Knex.Transaction, cart: Cart, means: Means) => Promise<Cart>;
type Written = { readonly id: string; readonly rates: ProvidedRates | undefined };
type Work = (trx: Knex.Transaction, means: Means, ids: KeptIds) => Promise<Written>;

/** Carts: what a shopper does to them. What each use case decides and refuses stands where it is decided. */
export class CartService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
  ) {}

  /** A new cart. */
  create(call: Call, sent: NewCart): CartAnswer {
    return this.#write(call, asUsual, async (trx, means) => {
      const cart = await createCart(trx, call, sent, means);
      const rates = await this.#askRates(means.ask, cart);
      await insertCart(trx, cart);
      await this.events.publish(trx, { name: "cart.created", data: { id: cart.id } });
      return { id: cart.id, rates };
    });
  }

  /**
   * A cart as a client asks for it. A guest's cart becomes the customer's who is logged in and looks at it, at their prices; another account's does not.
   * @throws NotFound · InvalidData fields or relations that are not allowed
   */
  async retrieve(call: Call, id: string, asked: CartQuery): CartAnswer {
    if (!call.customerId) return this.#show(call, id, asAsked(asked, false));
    const owner = await findOwner(this.database, id);
    if (!owner) throw new NotFound(`Cart with ${id} was not found`);
    const isTheirs = owner.customerId === call.customerId;
    const stays = owner.isClosed || (owner.hasAccount && !isTheirs);
    const showing = asAsked(asked, isTheirs || !stays);
    return stays
      ? this.#show(call, id, showing)
      : this.#change(call, id, showing, (trx, cart, { newId }) => takeOver(trx, call, cart, newId));
  }

  /** Changes what is named of a cart. */
  change(call: Call, id: string, sent: CartChange): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart, { ask, newId }) =>
      changeCart(trx, call, cart, sent, new FulfillmentDesk(this.providers, ask), newId),
    );
  }

  /** Puts a variant into a cart. */
  addLine(call: Call, id: string, sent: NewLine): CartAnswer {
    return this.#change(call, id, withCustomer, (trx, cart, means) => addLine(trx, call, cart, sent, means));
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
    return this.#change(call, id, asUsual, (trx, cart, { ask }) =>
      removeDiscount(trx, call, cart, code, new FulfillmentDesk(this.providers, ask)),
    );
  }

  /** Chooses a way of shipping. */
  addShippingMethod(call: Call, id: string, sent: NewShippingMethod): CartAnswer {
    return this.#change(call, id, asUsual, (trx, cart, { ask, newId }) =>
      addShippingMethod(trx, call, cart, sent, new FulfillmentDesk(this.providers, ask), newId),
    );
  }

  /**
   * A cart with its taxes, also where its region does not show them by itself; nothing of it is kept.
   * @throws NotFound
   */
  calculateTaxes(call: Call, id: string): CartAnswer {
    return this.#show(call, id, withTaxes);
  }

  /**
   * The shipping options that a cart can choose among, with their taxes.
   * @throws NotFound
   */
  async listShippingOptions(call: Call, id: string): Promise<{ shipping_options: Tree[] }> {
    const cart = await loadCart(this.database, id);
    const options = await findOptionsFor(this.database, cart, call.now, new FulfillmentDesk(this.providers));
    return { shipping_options: pricedOptions(options, cart.region) };
  }

  /** The four beats of every change: one after another for one cart, load, decide, save what differs, show. */
  #change(call: Call, id: string, showing: CartShowing, decide: Decide): CartAnswer {
    return inCartTurn(id, () =>
      this.#write(call, showing, async (trx, means, ids) => {
        const before = await loadCartForUpdate(trx, id);
        const decided = await decide(trx, before, means);
        const rates = await this.#askRates(means.ask, decided);
        const after = withProvidedDue(decided, rates, call.now);
        await leaveDropped(trx, this.providers, before, after);
        if (await saveCart(trx, before, after)) await this.#tell(trx, before, after, ids);
        return { id, rates };
      }),
    );
  }

  async #tell(trx: Knex.Transaction, before: Cart, { id, customer_id, email }: Cart, ids: KeptIds): Promise<void> {
    if (ids.isGiven(customer_id))
      await this.events.publish(trx, { name: "customer.created", data: await loadCustomer(trx, customer_id!) });
    await this.events.publish(trx, { name: "cart.updated", data: { id } });
    const isOthers = customer_id !== before.customer_id || email !== before.email;
    if (isOthers) await this.events.publish(trx, { name: "cart.customer_updated", data: { id } });
  }

  #write(call: Call, showing: CartShowing, work: Work): CartAnswer {
    const ids = new KeptIds();
    return consulting((ask) =>
      answerOnce(
        this.database,
        call,
        async (trx) => {
          ids.restart();
          const { id, rates } = await work(trx, { ask, newId: ids.next }, ids);
          return showCart(trx, id, showing, { now: call.now, findRates: async () => rates });
        },
        withoutRawDiscounts,
      ),
    );
  }

  /** Nothing is locked here, so whoever knows the taxes may take their time. */
  #show(call: Call, id: string, showing: CartShowing): CartAnswer {
    const findRates = (cart: Tree) =>
      findProvidedRates(this.providers, cart, (provider, question) => provider.taxLines(question));
    return showCart(this.database, id, showing, { now: call.now, findRates });
  }

  /** What the region's tax provider says of a cart, if anybody is going to need it. */
  async #askRates(ask: Ask, cart: Cart): Promise<ProvidedRates | undefined> {
    if (!cart.region.automatic_taxes && cart.payment_sessions.length === 0) return;
    const tree = cart as unknown as Tree;
    return findProvidedRates(this.providers, tree, (provider, question) => ask(provider, "taxLines", question));
  }
}

/** Where a provider says the taxes, it says what is due. */
function withProvidedDue(cart: Cart, rates: ProvidedRates | undefined, now: Date): Cart {
  if (!rates || cart.payment_sessions.length === 0) return cart;
  const { whole } = totalsNow(cart, { forcesTaxes: true, rates, now });
  return { ...cart, payment_sessions: sessionsOf(cart, whole.total) };
}
