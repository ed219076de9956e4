import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { Reader } from "../../graph/audience.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";
import { withProfiles } from "../products/product-profile.ts";
import { isTaxed, totalsNeeds, totalsRelations, withCartTotals } from "./cart-totals.ts";
import type { ProvidedRates, TaxedCart } from "./provided-rates.ts";

/** What cart endpoints show of a cart, besides the relations of its totals. */
export const cartView = view(cart, {
  relations: {
    default: [
      "gift_cards",
      "region",
      "items",
      "items.variant",
      "items.adjustments",
      "payment",
      "shipping_address",
      "billing_address",
      "region.countries",
      "region.payment_providers",
      "shipping_methods",
      "payment_sessions",
      "shipping_methods.shipping_option",
      "discounts",
      "discounts.rule",
      "sales_channel",
    ],
  },
});

/** How one endpoint shows a cart. */
export interface CartView {
  readonly selection: Selection;
  /** Whether taxes are shown even if the region does not calculate them automatically. */
  readonly forcesTaxes: boolean;
  /** Whether the unrounded discount of the whole cart is shown too. */
  readonly withRawDiscount?: boolean;
}

/**
 * As in Medusa, there are no default fields: a request that names none receives all of them, and
 * `+x` and `-x` edit an empty list.
 */
const narrowView = { ...cartView, fields: { default: [] } };

const defaultSelection = select(cartView, {}, []);

/** The view of most endpoints. */
export const defaultCartView: CartView = { selection: defaultSelection, forcesTaxes: false };
/** The view after a line was added: with the customer. */
export const cartWithCustomer: CartView = {
  selection: {
    ...defaultSelection,
    relations: new Set([...defaultSelection.relations, "customer"]),
  },
  forcesTaxes: false,
};
/**
 * The view after payment sessions were created: with the customer, all taxes and the unrounded
 * discount.
 */
export const cartWithPaymentSessions: CartView = {
  ...cartWithCustomer,
  forcesTaxes: true,
  withRawDiscount: true,
};
/** The view after a payment session was refreshed. */
export const cartWithFewRelations: CartView = {
  selection: {
    ...defaultSelection,
    relations: new Set([
      "region.countries",
      "region.payment_providers",
      "shipping_methods.shipping_option",
      "payment_sessions",
    ]),
  },
  forcesTaxes: false,
};
/** The view with all taxes, and only the relations of the totals. */
export const cartWithTaxes: CartView = {
  selection: { ...defaultSelection, relations: new Set() },
  forcesTaxes: true,
};

/**
 * Returns the view that a client requests. Only the cart's own customer may follow relations that
 * lead beyond the cart.
 * @throws InvalidDataError naming the fields or relations that are not allowed
 */
export function asRequested(requested: ViewQuery, reader: Reader): CartView {
  const from = requested.fields === undefined ? cartView : narrowView;
  const selection = select(from, requested, ["id"], reader);
  // Columns of relations may be named, but the relations are returned whole, as in Medusa.
  return { selection: { ...selection, narrowed: new Map() }, forcesTaxes: false };
}

/** Finds the rates of a cart whose tax provider must be called. */
export type FindRates = (cart: TaxedCart) => Promise<ProvidedRates | undefined>;

/** For whom a cart is shown, and with which rates. */
interface Showing {
  readonly now: Date;
  /** The customer who is logged in. */
  readonly viewerId: string | undefined;
  readonly findRates: FindRates;
}

/**
 * Loads a cart as it now is in the database, in one statement, and adds its totals.
 * @throws NotFoundError if the cart does not exist
 */
export async function showCart(
  connection: Knex,
  id: string,
  requestedView: CartView,
  { now, viewerId, findRates }: Showing,
): Promise<{ cart: Tree }> {
  const { selection, forcesTaxes } = requestedView;
  const relations = new Set([...selection.relations, ...totalsRelations]);
  const shape = shapeFor({ ...selection, relations }, totalsNeeds);
  const tree = await loadTree(connection, shape, id, viewerId);
  if (!tree) throw new NotFoundError(`Cart with ${id} was not found`);
  const rates = isTaxed(tree, forcesTaxes) ? await findRates(tree) : undefined;
  const priced = withProfiles(withCartTotals(tree, { forcesTaxes, rates, now }));
  return { cart: requestedView.withRawDiscount ? priced : withoutRawDiscount(priced) };
}

function withoutRawDiscount({ raw_discount_total: _, ...row }: Tree): Tree {
  return row;
}

/**
 * Returns a cart as a repeated request with the same Idempotency-Key receives it: Medusa's stored
 * answers lack the unrounded discounts of lines.
 */
export function withoutRawDiscounts({ cart }: { readonly cart: Tree }): { cart: Tree } {
  const { items } = cart;
  if (!Array.isArray(items)) return { cart };
  return { cart: { ...cart, items: items.map(withoutRawDiscount) } };
}
