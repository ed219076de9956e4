import { NotFoundError } from "../../core/errors.ts";
import { order } from "../../graph/entities/order-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Shape } from "../../graph/shape.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import {
  type Selection,
  select,
  type View,
  type ViewQuery,
  view,
  withoutRelations,
} from "../../graph/view.ts";
import { withProfiles } from "../products/product-profile.ts";
import { moneyNeeds, type OrderTree, withNamedTotals, withTotals } from "./order-totals.ts";

const fields = [
  "id",
  "status",
  "fulfillment_status",
  "payment_status",
  "display_id",
  "cart_id",
  "customer_id",
  "email",
  "region_id",
  "currency_code",
  "tax_rate",
  "created_at",
];

const relations = [
  "shipping_address",
  "fulfillments",
  "fulfillments.tracking_links",
  "items",
  "items.variant",
  "shipping_methods",
  "shipping_methods.shipping_option",
  "discounts",
  "discounts.rule",
  "customer",
  "payments",
  "region",
];

/** What can be named in `fields` beside the default: the key, and totals. */
const nameable = [
  "idempotency_key",
  "shipping_total",
  "discount_total",
  "tax_total",
  "refunded_total",
  "total",
  "subtotal",
  "paid_total",
  "refundable_amount",
  "gift_card_total",
  "gift_card_tax_total",
  "items.refundable",
];

const openView = view(order, {
  fields: { default: fields, allowed: [...fields, ...nameable] },
  relations: { default: relations, allowed: [...relations, "billing_address"] },
});
const placedView = view(order, {
  relations: { default: ["shipping_address", "items", "payments"] },
});
const ownView = view(order, { fields: { default: fields }, relations: { default: relations } });

/** Medusa loads all this for its totals, and shows it where nothing limits the answer. */
const totalsRelations = [
  "items",
  "items.tax_lines",
  "items.adjustments",
  "items.variant",
  "swaps",
  "swaps.additional_items",
  "swaps.additional_items.tax_lines",
  "swaps.additional_items.adjustments",
  "claims",
  "claims.additional_items",
  "claims.additional_items.tax_lines",
  "claims.additional_items.adjustments",
  "discounts",
  "discounts.rule",
  "gift_cards",
  "gift_card_transactions",
  "refunds",
  "shipping_methods",
  "shipping_methods.tax_lines",
  "region",
  "payments",
];
/** And this when totals are named. */
const namedTotalsRelations = ["items.variant.product.profiles", "gift_card_transactions.gift_card"];

/** How orders are loaded and shown for one request. */
export interface OrderView {
  readonly shape: Shape<OrderTree>;
  /** Makes a loaded order ready to leave: with its totals, without what was not asked for. */
  readonly present: (order: OrderTree) => Tree;
}

/**
 * One order by its id: all totals, whatever is asked for. `missing` says that it is not there, in
 * Medusa's words, which depend on whether totals are named.
 * @throws InvalidData naming fields or relations that are not allowed.
 */
export function orderById(
  asked: ViewQuery,
): OrderView & { readonly missing: (id: string) => NotFoundError } {
  const selection = select(openView, asked, ["id"]);
  const named = namedTotals(selection, asked);
  return {
    shape: limitedShape(openView, selection, asked, named),
    present: (order) => withoutUnasked(withTotals(order), asked, named),
    missing: (id) =>
      new NotFoundError(`Order with id${named.size > 0 ? ":" : ""} ${id} was not found`),
  };
}

/**
 * An order that was looked up: totals that are named come alone, otherwise all.
 * @throws InvalidData naming fields or relations that are not allowed.
 */
export function lookedUpOrder(asked: ViewQuery): OrderView {
  // As in Medusa, whose list brings the tax rate beside whatever is named and then only hides it
  // where something is.
  const always = asked.fields === "" ? ["tax_rate", "created_at", "id"] : ["created_at", "id"];
  const selection = select(openView, asked, always);
  const named = namedTotals(selection, asked);
  return {
    shape: limitedShape(openView, selection, asked, named),
    present: (order) => withoutUnasked(withRequestedTotals(order, named), asked, named),
  };
}

/**
 * The order of a cart: with all that its totals hang on.
 * @throws InvalidData naming fields or relations that are not allowed.
 */
export function orderOfCart(asked: ViewQuery): OrderView {
  const selection = select(openView, asked, ["id"]);
  return {
    shape: shapeOf(selection, [...selection.relations, ...totalsRelations]),
    present: (order) => withoutRawDiscount(withTotals(order)),
  };
}

/** The order that a cart has just become: every column, with all that its totals hang on. */
export function placedOrder(): OrderView {
  const selection = select(placedView, {}, []);
  return {
    shape: shapeOf(selection, [...selection.relations, ...totalsRelations]),
    present: (order) => withoutRawDiscount(withTotals(order)),
  };
}

/**
 * A customer's own orders: any column and relation may be asked for; with all that totals hang on.
 * Totals that are named come alone.
 * @throws InvalidData naming fields or relations that do not exist.
 */
export function ownOrders(asked: ViewQuery, extraRelations: readonly string[]): OrderView {
  const selection = select(ownView, withoutRelations(order, asked), [
    "created_at",
    "id",
    "tax_rate",
  ]);
  const named = namedTotals(selection, asked);
  const totalsOnDemand = named.size > 0 ? namedTotalsRelations : [];
  const shown = [...selection.relations, ...totalsRelations, ...totalsOnDemand, ...extraRelations];
  return {
    shape: shapeOf({ ...selection, narrowed: new Map() }, shown),
    present: (order) => withProfiles(withRequestedTotals(order, named)),
  };
}

function withRequestedTotals(order: OrderTree, named: ReadonlySet<string>): Tree {
  return named.size > 0 ? withNamedTotals(order, named) : withTotals(order);
}

function namedTotals(
  selection: Selection,
  { fields: requestedFields = "" }: ViewQuery,
): Set<string> {
  const named = new Set([...selection.computed].filter((name) => name !== "object"));
  if (requestedFields.split(",").some((name) => /^\+?items\.refundable$/.test(name)))
    named.add("items.refundable");
  return named;
}

/** What is loaded where only allowed relations leave: the rest of what totals need stays hidden. */
function limitedShape(
  from: View,
  selection: Selection,
  asked: ViewQuery,
  named: ReadonlySet<string>,
): Shape<OrderTree> {
  const heads = allowedHeads(from, asked);
  if (!asked.fields || named.has("items.refundable")) heads.add("items");
  const loaded = [
    ...selection.relations,
    ...totalsRelations,
    ...(named.size > 0 ? namedTotalsRelations : []),
  ];
  return shapeOf(
    selection,
    loaded.filter((path) => heads.has(headOf(path))),
  );
}

/** The names of the relations that may leave, each with all that was loaded below it. */
function allowedHeads(from: View, { expand }: ViewQuery): Set<string> {
  const allowed = expand ? expand.split(",") : (from.relations.allowed ?? []);
  return new Set(allowed.map(headOf));
}

function shapeOf(selection: Selection, shown: readonly string[]): Shape<OrderTree> {
  return shapeFor({ ...selection, relations: new Set(shown) }, moneyNeeds);
}

function headOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

function withoutUnasked(order: Tree, asked: ViewQuery, named: ReadonlySet<string>): Tree {
  const whole = withProfiles(withoutRawDiscount(order));
  const shown = asked.fields ? withoutObject(whole) : whole;
  return named.has("items.refundable")
    ? withNarrowedLines(shown, asked.expand ? asked.expand.split(",") : ["items"])
    : shown;
}

function withoutRawDiscount({ raw_discount_total: _, ...row }: Tree): Tree {
  return row;
}

function withoutObject({ object: _, ...row }: Tree): Tree {
  return row;
}

/**
 * Where `items.refundable` is named, lines come without raw discounts, and without what `expand`
 * does not name of them.
 */
function withNarrowedLines(order: Tree, expanded: readonly string[]): Tree {
  const { items } = order;
  if (!Array.isArray(items)) return order;
  const narrowed = ({ variant, refundable }: Tree) =>
    expanded.includes("items.variant") ? { variant, refundable } : { refundable };
  return {
    ...order,
    items: items.map(expanded.includes("items") ? withoutRawDiscount : narrowed),
  };
}
