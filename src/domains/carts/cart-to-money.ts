import { field, type Tree } from "../../graph/entity.ts";
import type { CartDiscount } from "../../money/discount-lines.ts";
import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { CartShippingMethod, CartLine as MoneyLine } from "../../money/recalculate-cart.ts";
import { ratesOf } from "../pricing/product-rates.ts";
import { toAdjustment } from "../pricing/rows-to-money.ts";
import type { Cart, CartDiscountRow, CartRegion, GiftCardRow, Line, Method } from "./cart-tree.ts";

/** A tax rate as tax lines show it, in percent. */
export interface Rate {
  readonly rate: number;
  readonly name: string;
  readonly code: string | null;
}

/**
 * Returns the rates that apply to a loaded line, whether or not its region calculates taxes
 * automatically: those of its product, or the region's default rate if the product is gone. A line
 * that never had a variant has none. A returned line keeps the rates that it was sold with.
 */
export function lineRates(line: Tree, region: Tree): Rate[] {
  if (line["is_return"]) return field<Tree[]>(line, "tax_lines").map(rateOf);
  const variant = field<Tree | null>(line, "variant");
  const product = variant && field<Tree | null>(variant, "product");
  const context = { regionId: region["id"] as string, regionRate: region["tax_rate"] as number };
  if (product) return ratesOf(product, context).map(rateOf);
  return line["variant_id"] === null ? [] : [defaultRate(region)];
}

/** Returns the rates of a loaded shipping method: its option's, or the region's default. */
export function methodRates(method: Tree, region: Tree): Rate[] {
  const option = field<Tree | null>(method, "shipping_option");
  return optionRates(option, region);
}

/** Returns the rates of a loaded shipping option: its own, or the region's default. */
export function optionRates(option: Tree | null, region: Tree): Rate[] {
  const own = option ? field<Tree[]>(option, "tax_rates") : [];
  return own.length > 0 ? own.map(rateOf) : [defaultRate(region)];
}

function defaultRate(region: Tree): Rate {
  return { rate: region["tax_rate"] as number, name: "default", code: "default" };
}

function rateOf(row: Tree): Rate {
  return {
    rate: (row["rate"] as number | null) ?? 0,
    name: row["name"] as string,
    code: row["code"] as string | null,
  };
}

/** Converts a line for money/. `covered` tells which products the active discount applies to. */
export function toMoneyLine(
  line: Line,
  region: CartRegion,
  covered: (productId: string) => boolean,
): MoneyLine {
  const productId = line.variant?.product_id;
  return {
    id: line.id,
    unitPrice: line.unit_price,
    quantity: line.quantity,
    includesTax: line.includes_tax,
    allowsDiscounts: line.allow_discounts,
    isReturn: line.is_return,
    isCovered: productId !== undefined && covered(productId),
    rates: lineRates(asTree(line), asTree(region)).map(({ rate }) => rate),
    adjustments: line.adjustments.map((row) =>
      toAdjustment(line.is_return && line.allow_discounts, row),
    ),
  };
}

/**
 * Converts a shipping method for money/. Its full price is that of the cart's custom shipping
 * option, or else the option's amount.
 */
export function toMoneyShippingMethod(method: Method, cart: Cart): CartShippingMethod {
  return {
    id: method.id,
    price: method.price,
    fullPrice: fullPriceOf(method, cart),
    includesTax: method.includes_tax,
    rates: methodRates(asTree(method), asTree(cart.region)).map(({ rate }) => rate),
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
 * Converts a discount for money/. On a swap's cart a fixed amount was granted with the order
 * already, so it takes off no more than what the returned lines give back of it.
 */
export function toMoneyDiscount({ id, rule }: CartDiscountRow, cart: Cart): CartDiscount {
  const { type, value, allocation } = rule;
  const isGranted = cart.type === "swap" && type === "fixed";
  return { id, type, value, allocation, limit: isGranted ? returnedShare(cart, id) : undefined };
}

function returnedShare({ items }: Cart, discountId: string): number {
  return items
    .filter((line) => line.is_return)
    .flatMap(({ adjustments }) => adjustments)
    .filter(({ discount_id }) => discount_id === discountId)
    .reduce((sum, { amount }) => sum - amount, 0);
}

type PayingCard = Pick<GiftCardRow, "is_disabled" | "ends_at" | "balance" | "tax_rate">;

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

function asTree(row: object): Tree {
  return row as Tree;
}
