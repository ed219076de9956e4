import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import type { Rate } from "../pricing/product-rates.ts";

const besidesVariants = [
  "items.adjustments",
  "items.tax_lines",
  "shipping_methods.shipping_option.tax_rates",
  "shipping_methods.tax_lines",
  "custom_shipping_options",
  "discounts.rule",
  "discounts.regions",
  "gift_cards",
  "payment_sessions",
  "region.countries",
  "region.payment_providers",
  "customer.groups",
  "shipping_address",
  "billing_address",
] as const;
const narrowed = { "discounts.regions": ["id"] } as const;
const required = ["region", "discounts.rule"] as const;

const shape = shapeOf(cart, {
  paths: [
    ...besidesVariants,
    "items.variant.product.profiles",
    "items.variant.product.tax_rates",
    "items.variant.product.type.tax_rates",
  ],
  narrowed,
  required,
});
const shapeWithoutVariants = shapeOf(cart, { paths: besidesVariants, narrowed, required });

type LoadedCart = TreeOfShape<typeof shape>;
type LoadedLine = LoadedCart["items"][number];
type LoadedMethod = LoadedCart["shipping_methods"][number];

/** A tax line of a cart. A tax line that is not stored yet has neither an id nor times. */
export interface TaxLine extends Rate {
  readonly metadata?: unknown;
}

export interface Line extends Omit<LoadedLine, "tax_lines"> {
  readonly tax_lines: readonly TaxLine[];
}

export interface Method extends Omit<LoadedMethod, "tax_lines"> {
  readonly tax_lines: readonly TaxLine[];
}

export type VariantOfLine = NonNullable<LoadedLine["variant"]>;
export type Adjustment = LoadedLine["adjustments"][number];
export type CartRegion = LoadedCart["region"];
export type CartDiscountRow = LoadedCart["discounts"][number];
export type CartCustomer = NonNullable<LoadedCart["customer"]>;
export type Address = NonNullable<LoadedCart["shipping_address"]>;
export type GiftCardRow = LoadedCart["gift_cards"][number];

/**
 * A cart with everything that a change may need. A change returns the same form; `saveCart` writes
 * the difference.
 */
export interface Cart extends Omit<LoadedCart, "items" | "shipping_methods"> {
  readonly items: readonly Line[];
  readonly shipping_methods: readonly Method[];
}

/**
 * Loads a cart with its whole tree.
 * @throws NotFoundError if the cart does not exist
 */
export async function loadCart(connection: Knex, id: string): Promise<Cart> {
  const tree = await loadTree(connection, shape, id);
  if (!tree) throw notFound(id);
  return tree;
}

/** A cart whose lines lack their variants. */
export type CartWithoutVariants = TreeOfShape<typeof shapeWithoutVariants>;

/**
 * Loads a cart whose variants are read together with it.
 * @throws NotFoundError if the cart does not exist
 */
export async function loadCartWithoutVariants(
  connection: Knex,
  id: string,
): Promise<CartWithoutVariants> {
  const tree = await loadTree(connection, shapeWithoutVariants, id);
  if (!tree) throw notFound(id);
  return tree;
}

/** Returns the whole cart, with the variants of its lines by their ids. */
export function withVariants(
  cart: CartWithoutVariants,
  variants: ReadonlyMap<string, VariantOfLine>,
): Cart {
  const items = cart.items.map((line) => ({
    ...line,
    variant: (line.variant_id !== null && variants.get(line.variant_id)) || null,
  }));
  return { ...cart, items };
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`Cart with ${id} was not found`);
}
