import type { CartDiscount } from "../../money/discount-lines.ts";
import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { CartShippingMethod, CartLine as MoneyLine } from "../../money/recalculate-cart.ts";
import {
  type AttachedRate,
  type Rate,
  ratesOf,
  type TaxedProduct,
} from "../pricing/product-rates.ts";
import { lineOf, shippingMethodOf } from "../pricing/rows-to-money.ts";
import type { Cart, CartDiscountRow, CartRegion, GiftCardRow, Line, Method } from "./cart-tree.ts";

interface OwnRate {
  readonly rate: number | null;
  readonly name: string;
  readonly code: string | null;
}

/** A region with its default tax rate, in percent. */
export interface TaxedRegion {
  readonly id: string;
  readonly tax_rate: number;
}

/** The columns and relations of a line that decide its tax rates. */
export interface TaxedLine {
  readonly is_return: boolean;
  readonly tax_lines: readonly Rate[];
  readonly variant_id: string | null;
  readonly variant: {
    readonly product: TaxedProduct<AttachedRate & OwnRate> | null;
  } | null;
}

/** The relations of a shipping option that decide its tax rates. */
export interface TaxedOption {
  readonly tax_rates: readonly OwnRate[];
}

/**
 * Returns the rates that apply to a loaded line, whether or not its region calculates taxes
 * automatically: those of its product, or the region's default rate if the product is gone. A line
 * that never had a variant has none. A returned line keeps the rates that it was sold with.
 */
export function lineRates(line: TaxedLine, { id, tax_rate }: TaxedRegion): Rate[] {
  if (line.is_return) return line.tax_lines.map(rateOf);
  const product = line.variant?.product;
  if (product) return ratesOf(product, { regionId: id, regionRate: tax_rate }).map(rateOf);
  return line.variant_id === null ? [] : [defaultRate(tax_rate)];
}

/** Returns the rates of a loaded shipping option: its own, or the region's default. */
export function optionRates(option: TaxedOption | null, { tax_rate }: TaxedRegion): Rate[] {
  const own = option?.tax_rates ?? [];
  return own.length > 0 ? own.map(rateOf) : [defaultRate(tax_rate)];
}

function defaultRate(rate: number): Rate {
  return { rate, name: "default", code: "default" };
}

function rateOf({ rate, name, code }: OwnRate): Rate {
  return { rate: rate ?? 0, name, code };
}

/** Converts a line for money/. `covered` tells which products the active discount applies to. */
export function toMoneyLine(
  line: Line,
  region: CartRegion,
  covered: (productId: string) => boolean,
): MoneyLine {
  const productId = line.variant?.product_id;
  return {
    ...lineOf(line, lineRates(line, region)),
    isReturn: line.is_return,
    isCovered: productId !== undefined && covered(productId),
  };
}

/**
 * Converts a shipping method for money/. Its full price is that of the cart's custom shipping
 * option, or else the option's amount.
 */
export function toMoneyShippingMethod(method: Method, cart: Cart): CartShippingMethod {
  return {
    ...shippingMethodOf(method, optionRates(method.shipping_option, cart.region)),
    fullPrice: fullPriceOf(method, cart),
  };
}

/**
 * Undefined if the shop set the price by hand: on a draft order, or where it differs from the
 * option's. A price of 0 comes from free shipping.
 */
function fullPriceOf(method: Method, cart: Cart): number | undefined {
  if (cart.type === "draft_order") return undefined;
  const { shipping_option: option, price } = method;
  const custom = cart.custom_shipping_options.find(
    ({ shipping_option_id }) => shipping_option_id === method.shipping_option_id,
  );
  const listed = custom?.price ?? option?.amount ?? price;
  const isFlat = custom !== undefined || option?.price_type === "flat_rate";
  return isFlat && price !== 0 && price !== listed ? undefined : listed;
}

/**
 * Converts a discount for money/. A fixed amount that was granted with the order of a swap takes
 * off no more than what the returned lines give back of it.
 * @param granted the discounts that a swap's cart has from its order
 */
export function toMoneyDiscount(
  { id, rule }: CartDiscountRow,
  cart: Cart,
  granted: ReadonlySet<string>,
): CartDiscount {
  const { type, value, allocation } = rule;
  const isLimited = type === "fixed" && granted.has(id);
  return { id, type, value, allocation, limit: isLimited ? returnedShare(cart, id) : undefined };
}

function returnedShare({ items }: Cart, discountId: string): number {
  return items
    .filter((line) => line.is_return)
    .flatMap(({ adjustments }) => adjustments)
    .filter(({ discount_id }) => discount_id === discountId)
    .reduce((sum, { amount }) => sum - amount, 0);
}

/** The columns of a gift card that decide whether it can pay, and how much. */
export type PayingCard = Pick<GiftCardRow, "is_disabled" | "ends_at" | "balance" | "tax_rate">;

/**
 * Converts the gift cards that can pay, in the order in which they are charged: earliest expiry
 * first, then the smallest balance. Expired and disabled cards pay nothing.
 */
export function toMoneyGiftCards(cards: readonly PayingCard[], now: Date): GiftCard[] {
  return payingGiftCards(cards, now).map((card) => ({
    balance: card.balance,
    rate: card.tax_rate,
  }));
}

/** Returns the gift cards that can pay, as rows, in the order in which they are charged. */
export function payingGiftCards<C extends PayingCard>(cards: readonly C[], now: Date): C[] {
  const endOf = (card: PayingCard) =>
    card.ends_at === null ? Number.POSITIVE_INFINITY : Date.parse(card.ends_at);
  return cards
    .filter((card) => !card.is_disabled && endOf(card) > now.getTime())
    .toSorted((one, other) => compare(endOf(one), endOf(other)) || one.balance - other.balance);
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
