import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import {
  cart,
  type customShippingOption,
  type lineItem,
  type lineItemAdjustment,
  type lineItemTaxLine,
  type shippingMethod,
} from "../../graph/entities/cart-entities.ts";
import type { product, productVariant } from "../../graph/entities/catalogue-entities.ts";
import type { address, customer } from "../../graph/entities/customer-entities.ts";
import type { discount, discountRule, giftCard } from "../../graph/entities/discount-entities.ts";
import type { country, region, taxRate } from "../../graph/entities/region-entities.ts";
import type { shippingOption } from "../../graph/entities/shipping-entities.ts";
import type { Row } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { lockCartForChange } from "./cart-lock.ts";

type TaxRate = Row<typeof taxRate>;

export interface ProductOfLine extends Readonly<Row<typeof product>> {
  readonly profiles: readonly { readonly id: string }[];
  readonly tax_rates: readonly TaxRate[];
  readonly type: { readonly tax_rates: readonly TaxRate[] } | null;
}

export interface VariantOfLine extends Readonly<Row<typeof productVariant>> {
  readonly product: ProductOfLine | null;
}

export type Adjustment = Readonly<Row<typeof lineItemAdjustment>>;

export interface Line extends Readonly<Row<typeof lineItem>> {
  readonly adjustments: readonly Adjustment[];
  readonly tax_lines: readonly Readonly<Row<typeof lineItemTaxLine>>[];
  readonly variant: VariantOfLine | null;
}

export interface Option extends Readonly<Row<typeof shippingOption>> {
  readonly tax_rates: readonly TaxRate[];
}

export interface Method extends Readonly<Row<typeof shippingMethod>> {
  readonly shipping_option: Option | null;
  readonly tax_lines: readonly { readonly id: string }[];
}

export interface CartRegion extends Readonly<Row<typeof region>> {
  readonly countries: readonly Readonly<Row<typeof country>>[];
  readonly payment_providers: readonly { readonly id: string }[];
}

export interface CartDiscountRow extends Readonly<Row<typeof discount>> {
  readonly rule: Readonly<Row<typeof discountRule>>;
  /** The discount's own regions. A code created from a dynamic discount has none. */
  readonly regions: readonly { readonly id: string }[];
}

export interface CartCustomer extends Readonly<Row<typeof customer>> {
  readonly groups: readonly { readonly id: string }[];
}

export type Address = Readonly<Row<typeof address>>;
export type GiftCardRow = Readonly<Row<typeof giftCard>>;

/**
 * A cart with everything that a change may need. A change returns the same form; `saveCart` writes
 * the difference.
 */
export interface Cart extends Readonly<Row<typeof cart>> {
  readonly items: readonly Line[];
  readonly shipping_methods: readonly Method[];
  readonly custom_shipping_options: readonly Readonly<Row<typeof customShippingOption>>[];
  readonly discounts: readonly CartDiscountRow[];
  readonly gift_cards: readonly GiftCardRow[];
  readonly payment_sessions: readonly PaymentSession[];
  readonly region: CartRegion;
  readonly customer: CartCustomer | null;
  readonly shipping_address: Address | null;
  readonly billing_address: Address | null;
}

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
  narrowed: new Map([["discounts.regions", ["id"]]]),
});

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
  return tree as unknown as Cart;
}
