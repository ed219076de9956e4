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

/** A region with its default rate, in percent. */
export interface TaxedRegion {
  readonly id: string;
  readonly tax_rate: number;
}

/** What decides the rates of a line. */
export interface TaxedLine {
  readonly is_return: boolean;
  readonly tax_lines: readonly Rate[];
  readonly variant: {
    readonly product: TaxedProduct<AttachedRate & OwnRate> | null;
  } | null;
}

/** What decides the rates of a shipping option. */
export interface TaxedOption {
  readonly tax_rates: readonly OwnRate[];
}

/**
 * The rates that apply to a loaded line, whether its region shows taxes by itself or not: those of
 * its product. A line made by hand has none, a returned one keeps those it was sold with.
 */
export function lineRates(line: TaxedLine, { id, tax_rate }: TaxedRegion): Rate[] {
  if (line.is_return) return line.tax_lines.map(rateOf);
  const product = line.variant?.product;
  return product ? ratesOf(product, { regionId: id, regionRate: tax_rate }).map(rateOf) : [];
}

/** The rates of a loaded shipping option: its own, else the region's default. */
export function optionRates(option: TaxedOption | null, { tax_rate }: TaxedRegion): Rate[] {
  const own = option?.tax_rates ?? [];
  return own.length > 0 ? own.map(rateOf) : [{ rate: tax_rate, name: "default", code: "default" }];
}

function rateOf({ rate, name, code }: OwnRate): Rate {
  return { rate: rate ?? 0, name, code };
}

/** A line as money/ reads it; `covered` says which products the discount that counts is for. */
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
 * A shipping method as money/ reads it. What it costs when it is not free: what the shop set for
 * this cart, else what the option costs.
 */
export function toMoneyShippingMethod(method: Method, cart: Cart): CartShippingMethod {
  const custom = cart.custom_shipping_options.find(
    ({ shipping_option_id }) => shipping_option_id === method.shipping_option_id,
  );
  return {
    ...shippingMethodOf(method, optionRates(method.shipping_option, cart.region)),
    fullPrice: custom?.price ?? method.shipping_option?.amount ?? method.price,
  };
}

/** A discount as money/ reads it. */
export function toMoneyDiscount({ id, rule }: CartDiscountRow): CartDiscount {
  return { id, type: rule.type, value: rule.value, allocation: rule.allocation };
}

/** What decides whether a gift card pays, and how much. */
export type PayingCard = Pick<GiftCardRow, "is_disabled" | "ends_at" | "balance" | "tax_rate">;

/**
 * The cards that pay, in the order in which they do: those that end first, then the smallest.
 * Expired and disabled ones pay nothing.
 */
export function toMoneyGiftCards(cards: readonly PayingCard[], now: Date): GiftCard[] {
  return payingGiftCards(cards, now).map((card) => ({
    balance: card.balance,
    rate: card.tax_rate,
  }));
}

/** The same, as they are stored. */
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
