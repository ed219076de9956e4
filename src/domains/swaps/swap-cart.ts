import type { Transaction } from "../../commands/transaction.ts";
import { NotAllowedError } from "../../core/errors.ts";
import { activeDiscountId } from "../../money/line-totals.ts";
import { findCartCustomer, findOpenChannel, findRegion } from "../carts/cart-queries.ts";
import { isCountryOf } from "../carts/cart-rules.ts";
import type { Adjustment, Cart, CartRegion, Line } from "../carts/cart-tree.ts";
import { bareLine, emptyCart } from "../carts/new-rows.ts";
import { hasOwnDiscount } from "../pricing/rows-to-money.ts";
import type { DecidedReturn, ReturnedLine } from "../returns/decide-return.ts";
import type { ReturnShippingMethod } from "../returns/return-queries.ts";
import type { SoldLine, SoldOrder } from "../returns/sold-order.ts";

/** What the cart of a swap is created from. */
interface SwapStart {
  readonly swapId: string;
  readonly order: SoldOrder;
  readonly newId: (prefix: string) => string;
  readonly now: Date;
}

/**
 * Returns the cart of a swap without lines. It has the order's customer, addresses and discounts,
 * except for free shipping.
 * @throws NotFoundError if the region or the sales channel no longer exists
 * @throws InvalidDataError if the sales channel is disabled
 * @throws NotAllowedError if an address is no longer in the region
 */
export async function buildEmptySwapCart(
  trx: Transaction,
  { swapId, order, newId, now }: SwapStart,
): Promise<Cart> {
  const region = await findRegion(trx, order.region_id);
  const customer = (await findCartCustomer(trx, order.customer_id)) ?? null;
  const channelId = await findOpenChannel(trx, order.sales_channel_id ?? undefined);
  mustBeOfRegion(region, "Shipping", order.shipping_address);
  mustBeOfRegion(region, "Billing", order.billing_address);
  const countryCode =
    !order.shipping_address && region.countries.length === 1
      ? region.countries[0]?.iso_2
      : undefined;
  const cart = emptyCart({
    id: newId("cart"),
    region,
    customer,
    channelId,
    context: {},
    countryCode,
    now,
  });
  const shipping_address = order.shipping_address ?? cart.shipping_address;
  return {
    ...cart,
    type: "swap",
    email: customer?.email ?? order.email,
    customer_id: order.customer_id,
    metadata: { swap_id: swapId, parent_order_id: order.id },
    shipping_address,
    shipping_address_id: shipping_address?.id ?? null,
    billing_address: order.billing_address,
    billing_address_id: order.billing_address_id,
    discounts: order.discounts.filter(({ rule }) => rule.type !== "free_shipping"),
  };
}

function mustBeOfRegion(
  region: CartRegion,
  name: string,
  address: { readonly country_code: string | null } | null,
): void {
  if (address?.country_code && !isCountryOf(region, address.country_code))
    throw new NotAllowedError(`${name} country not in region`);
}

/**
 * Returns a swap's cart with a negative line for each returned line, and a line for return
 * shipping.
 */
export function withReturnedLines(
  cart: Cart,
  { returnedLines, shipping_method }: DecidedReturn,
  start: SwapStart,
): Cart {
  const discountId = activeDiscountId(
    start.order.discounts.map(({ id, rule }) => ({ id, type: rule.type })),
  );
  const shippingLines = shipping_method ? [returnShippingLine(cart, shipping_method, start)] : [];
  return {
    ...cart,
    items: [
      ...cart.items,
      ...shippingLines,
      ...returnedLines.map((returned) => returnedLine(cart, returned, discountId, start)),
    ],
  };
}

function returnShippingLine(
  cart: Cart,
  { price, includes_tax, tax_lines }: ReturnShippingMethod,
  { newId, now }: SwapStart,
): Line {
  return {
    ...bareLine(newId("item"), cart.id, now),
    title: "Return shipping",
    is_return: true,
    allow_discounts: false,
    has_shipping: true,
    unit_price: price,
    includes_tax,
    tax_lines: tax_lines.map(({ rate, name, code }) => ({ rate, name, code })),
  };
}

function returnedLine(
  cart: Cart,
  { line, item }: ReturnedLine,
  discountId: string | undefined,
  start: SwapStart,
): Line {
  const id = start.newId("item");
  return {
    ...bareLine(id, cart.id, start.now),
    title: line.title,
    thumbnail: line.thumbnail,
    is_return: true,
    allow_discounts: line.allow_discounts,
    has_shipping: null,
    unit_price: 0 - line.unit_price,
    includes_tax: line.includes_tax,
    variant_id: line.variant_id,
    quantity: item.quantity,
    metadata: line.metadata,
    tax_lines: line.tax_lines.map(({ rate, name, code, metadata }) => ({
      rate,
      name,
      code,
      metadata,
    })),
    adjustments: activeAdjustments(line, discountId).map((adjustment) => ({
      ...adjustment,
      id: start.newId("lia"),
      item_id: id,
      amount: (0 - adjustment.amount) * (item.quantity / line.quantity),
    })),
  };
}

/** Returns the adjustments that reduced a line's price when it was sold. */
function activeAdjustments(line: SoldLine, discountId: string | undefined): Adjustment[] {
  const isActive = (id: string) => id === discountId || hasOwnDiscount(line);
  return line.adjustments.filter(
    ({ discount_id }) => discount_id === null || (line.allow_discounts && isActive(discount_id)),
  );
}
