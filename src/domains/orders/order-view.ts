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

/** The names that `fields` accepts beside the default columns: the idempotency key, and totals. */
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

/** The relations that Medusa loads for its totals, and shows unless something limits the answer. */
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
/** The relations that Medusa loads in addition if `fields` names totals. */
const namedTotalsRelations = ["items.variant.product.profiles", "gift_card_transactions.gift_card"];

/** How one request loads and shows orders. */
export interface OrderView {
  readonly shape: Shape<OrderTree>;
  /** Returns a loaded order with its totals and without what was not requested. */
  readonly present: (order: OrderTree) => Tree;
}

/**
 * Returns the view of one order by its id: with all totals, whatever `fields` names. `missing`
 * creates the error for an unknown order, in Medusa's words, which depend on whether totals are
 * named.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function orderById(
  viewQuery: ViewQuery,
): OrderView & { readonly missing: (id: string) => NotFoundError } {
  const selection = select(openView, viewQuery, ["id"]);
  const named = namedTotals(selection, viewQuery);
  return {
    shape: limitedShape(openView, selection, viewQuery, named),
    present: (order) => withoutHiddenFields(withTotals(order), viewQuery, named),
    missing: (id) =>
      new NotFoundError(`Order with id${named.size > 0 ? ":" : ""} ${id} was not found`),
  };
}

/**
 * Returns the view of a looked-up order: with the named totals only, or else with all.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function lookedUpOrder(viewQuery: ViewQuery): OrderView {
  // As in Medusa, whose list loads the tax rate with any named fields and hides it only if `fields`
  // is not empty.
  const always = viewQuery.fields === "" ? ["tax_rate", "created_at", "id"] : ["created_at", "id"];
  const selection = select(openView, viewQuery, always);
  const named = namedTotals(selection, viewQuery);
  return {
    shape: limitedShape(openView, selection, viewQuery, named),
    present: (order) => withoutHiddenFields(withRequestedTotals(order, named), viewQuery, named),
  };
}

/**
 * Returns the view of a cart's order: with everything that its totals depend on.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function orderOfCart(viewQuery: ViewQuery): OrderView {
  const selection = select(openView, viewQuery, ["id"]);
  return {
    shape: shapeOf(selection, [...selection.relations, ...totalsRelations]),
    present: (order) => withoutRawDiscount(withTotals(order)),
  };
}

/**
 * Returns the view of the order that a cart has just become: all columns, with everything that its
 * totals depend on.
 */
export function placedOrder(): OrderView {
  const selection = select(placedView, {}, []);
  return {
    shape: shapeOf(selection, [...selection.relations, ...totalsRelations]),
    present: (order) => withoutRawDiscount(withTotals(order)),
  };
}

/**
 * Returns the view of a customer's own orders: any column and relation of these may be named, and
 * everything that totals depend on is shown. Named totals are shown without the others.
 * @throws InvalidDataError naming fields or relations that do not exist
 */
export function ownOrders(viewQuery: ViewQuery, extraRelations: readonly string[]): OrderView {
  const always = ["created_at", "id", "tax_rate"];
  const selection = select(ownView, withoutRelations(order, viewQuery), always, "owner");
  const named = namedTotals(selection, viewQuery);
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

/** Loads what only allowed relations may show; the other relations that totals need stay hidden. */
function limitedShape(
  from: View,
  selection: Selection,
  viewQuery: ViewQuery,
  named: ReadonlySet<string>,
): Shape<OrderTree> {
  const heads = allowedHeads(from, viewQuery);
  if (!viewQuery.fields || named.has("items.refundable")) heads.add("items");
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

/** The top-level relations that may be shown, each with everything loaded below it. */
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

function withoutHiddenFields(order: Tree, viewQuery: ViewQuery, named: ReadonlySet<string>): Tree {
  const whole = withProfiles(withoutRawDiscount(order));
  const shown = viewQuery.fields ? withoutObject(whole) : whole;
  return named.has("items.refundable")
    ? withNarrowedLines(shown, viewQuery.expand ? viewQuery.expand.split(",") : ["items"])
    : shown;
}

function withoutRawDiscount({ raw_discount_total: _, ...row }: Tree): Tree {
  return row;
}

function withoutObject({ object: _, ...row }: Tree): Tree {
  return row;
}

/**
 * If `fields` names `items.refundable`, lines have no raw discounts, and no relations that `expand`
 * does not name.
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
