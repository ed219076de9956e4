import type { Entity, Tree } from "./entity.ts";
import { entityNamed } from "./schema.ts";
import type { Shape } from "./shape.ts";

/**
 * Who may follow a relation by `expand` or `fields`:
 *
 * - `part`: anyone who may see the row. The related rows belong to the same cart or order.
 * - `catalogue`: anyone. The rows are the same for every shopper.
 * - `person`: anyone. It leads to a customer, of whom only that customer sees more than id and
 *   e-mail.
 * - `owner`: the customer whose cart or order the request is about. The relation leads from a part
 *   to its whole, to another cart or order, or to an address book.
 * - `shop`: no client. An endpoint may show it where its view allows it by name.
 */
type Audience = "part" | "catalogue" | "person" | "owner" | "shop";

/** Who a request is from: the customer whose cart or order it is about, or anyone else. */
export type Reader = "owner" | "anyone";

const declare = (relations: Partial<Record<Audience, string>>): ReadonlyMap<string, Audience> =>
  new Map(
    Object.entries(relations).flatMap(([audience, names]) =>
      names.split(" ").map((name): [string, Audience] => [name, audience as Audience]),
    ),
  );

/** The audience of every relation of every entity. A relation that is not listed is closed. */
const audiences: Readonly<Record<string, ReadonlyMap<string, Audience>>> = {
  address: declare({ catalogue: "country", shop: "customer" }),
  cart: declare({
    part:
      "billing_address shipping_address items discounts gift_cards payment_sessions payment " +
      "shipping_methods",
    catalogue: "region sales_channel",
    person: "customer",
    shop: "custom_shipping_options",
  }),
  claim_image: declare({ owner: "claim_item" }),
  claim_item: declare({ part: "images item tags", catalogue: "variant", owner: "claim_order" }),
  claim_order: declare({
    part:
      "claim_items additional_items return_order shipping_address " +
      "shipping_methods fulfillments",
    owner: "order",
  }),
  custom_shipping_option: declare({ shop: "shipping_option cart" }),
  customer: declare({ owner: "billing_address shipping_addresses orders groups" }),
  discount: declare({ part: "rule", catalogue: "regions", shop: "parent_discount" }),
  discount_condition: declare({
    shop: "discount_rule products product_types product_tags product_collections customer_groups",
  }),
  discount_rule: declare({ shop: "conditions" }),
  draft_order: declare({ owner: "cart order" }),
  fulfillment: declare({
    part: "items tracking_links",
    catalogue: "provider",
    owner: "claim_order swap order",
  }),
  fulfillment_item: declare({ part: "item", owner: "fulfillment" }),
  gift_card: declare({ catalogue: "region" }),
  gift_card_transaction: declare({ part: "gift_card", owner: "order" }),
  line_item: declare({
    part: "tax_lines adjustments",
    catalogue: "variant",
    owner: "cart order swap claim_order order_edit",
  }),
  line_item_adjustment: declare({ part: "discount", owner: "item" }),
  line_item_tax_line: declare({ owner: "item" }),
  money_amount: declare({ shop: "currency region price_list" }),
  order: declare({
    part:
      "billing_address shipping_address discounts gift_cards shipping_methods payments " +
      "fulfillments returns claims refunds swaps draft_order edits items gift_card_transactions",
    catalogue: "region currency sales_channel",
    person: "customer",
    owner: "cart",
  }),
  order_edit: declare({ part: "order changes items payment_collection" }),
  order_item_change: declare({ part: "original_line_item line_item", owner: "order_edit" }),
  payment: declare({ part: "order", catalogue: "currency", owner: "swap cart" }),
  payment_collection: declare({
    part: "payment_sessions payments",
    catalogue: "region currency",
  }),
  payment_session: declare({ owner: "cart" }),
  price_list: declare({ shop: "customer_groups" }),
  product: declare({
    catalogue: "images variants options tags collection type profiles tax_rates sales_channels",
    shop: "categories",
  }),
  product_category: declare({ shop: "parent_category category_children products" }),
  product_collection: declare({ shop: "products" }),
  product_option: declare({ catalogue: "values" }),
  product_type: declare({ catalogue: "tax_rates" }),
  product_variant: declare({ catalogue: "product options inventory_items", shop: "prices" }),
  refund: declare({ part: "payment", owner: "order" }),
  region: declare({
    catalogue: "currency countries tax_rates payment_providers fulfillment_providers tax_provider",
  }),
  return: declare({ part: "items shipping_method", owner: "swap claim_order order" }),
  return_item: declare({ part: "item", catalogue: "reason", owner: "return_order" }),
  return_reason: declare({ catalogue: "parent_return_reason return_reason_children" }),
  shipping_method: declare({
    part: "tax_lines",
    catalogue: "shipping_option",
    owner: "order claim_order cart swap return_order",
  }),
  shipping_method_tax_line: declare({ owner: "shipping_method" }),
  shipping_option: declare({ catalogue: "region profile provider requirements tax_rates" }),
  shipping_option_requirement: declare({ owner: "shipping_option" }),
  swap: declare({
    part: "additional_items return_order fulfillments payment shipping_address shipping_methods",
    owner: "order cart",
  }),
  tracking_link: declare({ owner: "fulfillment" }),
};

/** Returns the audience of a relation; undefined if none is declared. */
export function audienceOf(entity: Entity, relation: string): string | undefined {
  return audiences[entity.name]?.get(relation);
}

/**
 * Returns the entity at the end of a relation path that a reader may follow, or undefined. No path
 * meets an entity twice, so none leads back to where it came from, or on to a row like it.
 */
export function followPath(
  entity: Entity,
  path: readonly string[],
  reader: Reader,
): Entity | undefined {
  const met = new Set([entity.name]);
  let at = entity;
  for (const name of path) {
    const relation = Object.hasOwn(at.relations, name) ? at.relations[name] : undefined;
    const audience = audienceOf(at, name) ?? "shop";
    if (!relation || audience === "shop" || met.has(relation.entity)) return;
    if (audience === "owner" && reader !== "owner") return;
    at = entityNamed(relation.entity);
    met.add(at.name);
  }
  return at;
}

/** The columns of a customer that anyone may see who sees the customer's cart or order. */
const PUBLIC_COLUMNS = ["id", "email"] as const;

/** The shapes that show what a client requests, in contrast to those that only code reads. */
const shownShapes = new WeakSet<Shape<unknown>>();

/** Marks a shape as one that a client sees, so that its trees hide other people's columns. */
export function asShown<S extends Shape<unknown>>(shape: S): S {
  shownShapes.add(shape);
  return shape;
}

/**
 * Reduces every customer in trees that a client sees to the public columns, unless it is the
 * customer who is logged in. Trees that only code reads stay as they are.
 */
export function hideOtherCustomers(
  shape: Shape<unknown>,
  trees: readonly unknown[],
  viewerId: string | undefined,
): void {
  if (shownShapes.has(shape)) for (const tree of trees) reduceBelow(shape, tree as Tree, viewerId);
}

function reduceBelow(shape: Shape<unknown>, tree: Tree, viewerId: string | undefined): void {
  for (const [name, child] of shape.relations) {
    if (!Object.hasOwn(tree, name) || !hasCustomer(child)) continue;
    const value = tree[name] as Tree | Tree[] | null;
    if (child.entity.name === "customer" && value) tree[name] = reduced(value as Tree, viewerId);
    for (const row of [tree[name] ?? []].flat() as Tree[]) reduceBelow(child, row, viewerId);
  }
}

function reduced(customer: Tree, viewerId: string | undefined): Tree {
  if (viewerId !== undefined && customer["id"] === viewerId) return customer;
  const shown = PUBLIC_COLUMNS.filter((column) => Object.hasOwn(customer, column));
  return Object.fromEntries(shown.map((column) => [column, customer[column]]));
}

const knownBranches = new WeakMap<Shape<unknown>, boolean>();

function hasCustomer(shape: Shape<unknown>): boolean {
  const known = knownBranches.get(shape);
  if (known !== undefined) return known;
  const found = shape.entity.name === "customer" || [...shape.relations.values()].some(hasCustomer);
  knownBranches.set(shape, found);
  return found;
}
