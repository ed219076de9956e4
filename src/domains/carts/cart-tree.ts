import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import type { Rate } from "../pricing/product-rates.ts";
import { lockCartForChange } from "./cart-lock.ts";

const shape = shapeOf(cart, {
  paths: [
    "items.adjustments",
    "items.tax_lines",
    "items.variant.product.profiles",
    "items.variant.product.tax_rates",
    "items.variant.product.type.tax_rates",
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
  ],
  narrowed: { "discounts.regions": ["id"] },
  required: ["region", "discounts.rule"],
});

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
 * Locks a cart for a change until the transaction ends, and loads its whole tree.
 * @throws NotFoundError if the cart does not exist
 * @throws CartBusyError if the cart is being completed
 */
export async function loadCartForUpdate(trx: Knex.Transaction, id: string): Promise<Cart> {
  await lockCartForChange(trx, id);
  return loadCart(trx, id);
}

/**
 * Loads a cart with its whole tree.
 * @throws NotFoundError if the cart does not exist
 */
export async function loadCart(connection: Knex, id: string): Promise<Cart> {
  const tree = await loadTree(connection, shape, id);
  if (!tree) throw new NotFoundError(`Cart with ${id} was not found`);
  return tree;
}
