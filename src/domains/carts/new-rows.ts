import { newId } from "../../database/new-id.ts";
import type { Address, Cart, CartCustomer, CartRegion, Line, VariantOfLine } from "./cart-tree.ts";

interface CartStart {
  readonly id: string;
  readonly region: CartRegion;
  readonly customer: CartCustomer | null;
  readonly channelId: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  readonly countryCode: string | undefined;
  readonly now: Date;
}

/** Returns a cart without lines. With a country, it has a shipping address. */
export function emptyCart({
  id,
  region,
  customer,
  channelId,
  context,
  countryCode,
  now,
}: CartStart): Cart {
  const shipping_address =
    countryCode === undefined ? null : { ...emptyAddress(now), country_code: countryCode };
  return {
    id,
    type: "default",
    email: customer?.email ?? null,
    customer_id: customer?.id ?? null,
    customer,
    region_id: region.id,
    region,
    sales_channel_id: channelId,
    shipping_address_id: shipping_address?.id ?? null,
    shipping_address,
    billing_address_id: null,
    billing_address: null,
    context,
    metadata: null,
    payment_id: null,
    payment_authorized_at: null,
    completed_at: null,
    idempotency_key: null,
    ...times(now),
    items: [],
    shipping_methods: [],
    custom_shipping_options: [],
    discounts: [],
    gift_cards: [],
    payment_sessions: [],
  };
}

/** Returns an address without content. */
export function emptyAddress(now: Date): Address {
  return {
    id: newId("addr"),
    customer_id: null,
    company: null,
    first_name: null,
    last_name: null,
    address_1: null,
    address_2: null,
    city: null,
    country_code: null,
    province: null,
    postal_code: null,
    phone: null,
    metadata: null,
    ...times(now),
  };
}

interface LineStart {
  readonly id: string;
  readonly cartId: string;
  readonly variant: VariantOfLine;
  readonly quantity: number;
  readonly metadata: unknown;
  readonly now: Date;
}

/** Returns a line of a variant, without its price. */
export function newLine({ id, cartId, variant, quantity, metadata, now }: LineStart): Line {
  const { product } = variant;
  return {
    ...bareLine(id, cartId, now),
    title: product?.title ?? variant.title,
    description: variant.title,
    thumbnail: product?.thumbnail ?? null,
    is_giftcard: product?.is_giftcard ?? false,
    allow_discounts: product?.discountable ?? true,
    variant_id: variant.id,
    variant,
    quantity,
    metadata,
  };
}

/** Returns a blank line: quantity 1, price 0, no variant. */
export function bareLine(id: string, cartId: string, now: Date): Line {
  const { created_at, updated_at } = times(now);
  return {
    id,
    cart_id: cartId,
    order_id: null,
    swap_id: null,
    claim_order_id: null,
    original_item_id: null,
    order_edit_id: null,
    title: "",
    description: null,
    thumbnail: null,
    is_giftcard: false,
    allow_discounts: true,
    is_return: false,
    should_merge: true,
    has_shipping: false,
    unit_price: 0,
    includes_tax: false,
    variant_id: null,
    variant: null,
    quantity: 1,
    fulfilled_quantity: null,
    returned_quantity: null,
    shipped_quantity: null,
    metadata: null,
    created_at,
    updated_at,
    adjustments: [],
    tax_lines: [],
  };
}

function times(now: Date) {
  const at = now.toISOString();
  return { created_at: at, updated_at: at, deleted_at: null };
}
