import type { Knex } from "knex";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";
import { withProfiles } from "../products/product-profile.ts";
import { isTaxed, totalsNeeds, totalsRelations, withCartTotals } from "./cart-totals.ts";
import type { ProvidedRates, TaxedCart } from "./provided-rates.ts";

/** What cart endpoints show of a cart, beside what its totals bring. */
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
  /** Taxes are shown even where the region does not show them by itself. */
  readonly forcesTaxes: boolean;
  /** The exact discount of the whole cart is shown, too. */
  readonly withRawDiscount?: boolean;
}

/**
 * Medusa names no default fields: all of them come when none is named, and `+x` and `-x` edit an
 * empty list.
 */
const narrowView = { ...cartView, fields: { default: [] } };

const defaultSelection = select(cartView, {}, []);

/** As most endpoints show it. */
export const defaultCartView: CartView = { selection: defaultSelection, forcesTaxes: false };
/** As adding a line shows it: with the customer. */
export const cartWithCustomer: CartView = {
  selection: {
    ...defaultSelection,
    relations: new Set([...defaultSelection.relations, "customer"]),
  },
  forcesTaxes: false,
};
/** As making payment sessions shows it: with the customer, all taxes and the exact discount. */
export const cartWithPaymentSessions: CartView = {
  ...cartWithCustomer,
  forcesTaxes: true,
  withRawDiscount: true,
};
/** As refreshing one shows it. */
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
/** With all taxes, and only what totals bring. */
export const cartWithTaxes: CartView = {
  selection: { ...defaultSelection, relations: new Set() },
  forcesTaxes: true,
};

/**
 * As a client asked for it. What leads to a person's other rows is for that person alone; `isOwn`
 * tells whether they ask.
 * @throws InvalidData naming fields or relations that are not allowed
 */
export function asRequested(asked: ViewQuery, isOwner: boolean): CartView {
  const selection = select(asked.fields === undefined ? cartView : narrowView, asked, ["id"]);
  const personal = isOwner ? [] : [...selection.relations].filter(isPersonal);
  if (personal.length > 0)
    throw new InvalidDataError(`Requested fields [${personal.join(", ")}] are not valid`);
  // Columns of relations may be named; the relations come whole all the same, as in Medusa.
  return { selection: { ...selection, narrowed: new Map() }, forcesTaxes: false };
}

/**
 * The customer themselves may be seen with the cart; what they bought, where they live and other
 * carts of theirs may not.
 */
function isPersonal(path: string): boolean {
  return path !== "customer" && path.split(".").some((name) => PERSONAL.has(name));
}

const PERSONAL = new Set([
  "customer",
  "order",
  "orders",
  "cart",
  "swap",
  "claim_order",
  "order_edit",
  "return_order",
]);

/** Says the rates of a cart where a tax provider has to be asked. */
export type FindRates = (cart: TaxedCart) => Promise<ProvidedRates | undefined>;

/**
 * A cart as it now stands in the database, with its totals: one statement.
 * @throws NotFound
 */
export async function showCart(
  connection: Knex,
  id: string,
  requestedView: CartView,
  { now, findRates }: { readonly now: Date; readonly findRates: FindRates },
): Promise<{ cart: Tree }> {
  const { selection, forcesTaxes } = requestedView;
  const relations = new Set([...selection.relations, ...totalsRelations]);
  const tree = await loadTree(connection, shapeFor({ ...selection, relations }, totalsNeeds), id);
  if (!tree) throw new NotFoundError(`Cart with ${id} was not found`);
  const rates = isTaxed(tree, forcesTaxes) ? await findRates(tree) : undefined;
  const priced = withProfiles(withCartTotals(tree, { forcesTaxes, rates, now }));
  return { cart: requestedView.withRawDiscount ? priced : withoutRawDiscount(priced) };
}

function withoutRawDiscount({ raw_discount_total: _, ...row }: Tree): Tree {
  return row;
}

/**
 * A cart as a repeat under its Idempotency-Key is answered: Medusa's kept answers lack what is
 * unrounded on the lines.
 */
export function withoutRawDiscounts({ cart }: { readonly cart: Tree }): { cart: Tree } {
  const { items } = cart;
  if (!Array.isArray(items)) return { cart };
  return { cart: { ...cart, items: items.map(withoutRawDiscount) } };
}
