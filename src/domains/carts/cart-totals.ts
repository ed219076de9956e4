import { columnsOf } from "../../graph/columns.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { address } from "../../graph/entities/customer-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import { type AllTotals, totalsOf } from "../../money/totals.ts";
import { type Rate, rateColumns } from "../pricing/product-rates.ts";
import {
  type DiscountRow,
  discountOf,
  type LineRow,
  lineOf,
  type ShippingMethodRow,
  shippingMethodOf,
} from "../pricing/rows-to-money.ts";
import {
  lineRates,
  optionRates,
  type PayingCard,
  type TaxedLine,
  type TaxedOption,
  type TaxedRegion,
  toMoneyGiftCards,
} from "./cart-to-money.ts";
import type { Cart } from "./cart-tree.ts";
import type { ProvidedRates } from "./provided-rates.ts";

/** Relations that the totals load. As in Medusa, they are shown whatever the client requests. */
export const totalsRelations: readonly string[] = [
  "items",
  "items.variant",
  "items.variant.product",
  "items.variant.product.profiles",
  "items.tax_lines",
  "items.adjustments",
  "gift_cards",
  "discounts",
  "discounts.rule",
  "shipping_methods",
  "shipping_methods.tax_lines",
  "shipping_address",
  "region",
  "region.tax_rates",
];

/** What totals and taxes read of a cart. It is shown only if the client requests it. */
export const totalsNeeds = needsOf(
  cart,
  {
    "": ["id"],
    items: [
      "id",
      "variant_id",
      "unit_price",
      "quantity",
      "includes_tax",
      "allow_discounts",
      "is_giftcard",
      "is_return",
    ],
    "items.tax_lines": ["rate", "name", "code"],
    "items.adjustments": ["amount", "discount_id"],
    "items.variant": ["product_id"],
    ...below("items.variant.product", rateColumns),
    shipping_methods: ["id", "shipping_option_id", "price", "includes_tax"],
    "shipping_methods.tax_lines": ["rate", "name", "code"],
    "shipping_methods.shipping_option.tax_rates": ["rate", "name", "code"],
    discounts: ["id"],
    "discounts.rule": ["type"],
    gift_cards: ["is_disabled", "ends_at", "balance", "tax_rate"],
    region: [
      "id",
      "currency_code",
      "tax_rate",
      "tax_provider_id",
      "automatic_taxes",
      "gift_cards_taxable",
    ],
    shipping_address: columnsOf(address),
  },
  {
    whereShown: { customer: ["id", "email", "has_account", "metadata"] },
    required: ["region"],
  },
);

/** A loaded cart as its totals read it. */
type CartTree = TreeOfNeeds<typeof totalsNeeds>;

interface PricedCart {
  readonly region: TaxedRegion & {
    readonly automatic_taxes: boolean;
    readonly gift_cards_taxable: boolean;
  };
  readonly items: readonly (LineRow & TaxedLine)[];
  readonly shipping_methods: readonly (ShippingMethodRow & {
    readonly tax_lines: readonly Rate[];
    readonly shipping_option: TaxedOption | null;
  })[];
  readonly discounts: readonly DiscountRow[];
  readonly gift_cards: readonly PayingCard[];
}

interface TaxOptions {
  readonly forcesTaxes: boolean;
  /** The rates of a tax provider. Without them, the shop's own rates apply. */
  readonly rates?: ProvidedRates | undefined;
  readonly now: Date;
}

/** Returns a loaded cart with its tax lines and all totals. */
export function withCartTotals(cart: CartTree, taxOptions: TaxOptions): Tree {
  const taxes = taxLinesOf(cart, taxOptions);
  const totals = totalsOfCart(cart, taxes, taxOptions.now);
  return {
    ...cart,
    items: cart.items.map((line, index) => ({
      ...line,
      tax_lines: taxes.lines[index],
      ...totals.lines[index],
    })),
    shipping_methods: cart.shipping_methods.map((method, index) => ({
      ...method,
      tax_lines: taxes.shippingMethods[index],
      ...totals.shippingMethods[index],
    })),
    ...totals.whole,
  };
}

/** The tax lines of each line and shipping method, in their order. */
interface TaxLines {
  readonly lines: readonly (readonly Rate[])[];
  readonly shippingMethods: readonly (readonly Rate[])[];
}

/**
 * Returns the tax lines of the rates that apply now. If the region does not calculate taxes
 * automatically and `forcesTaxes` is not set, only the cart's stored tax lines apply.
 */
function taxLinesOf(cart: PricedCart, { forcesTaxes, rates }: TaxOptions): TaxLines {
  const { region, items, shipping_methods } = cart;
  if (!isTaxed(cart, forcesTaxes))
    return {
      lines: items.map((line) => line.tax_lines),
      shippingMethods: shipping_methods.map((method) => method.tax_lines),
    };
  const provided = (id: string) => rates && (rates.get(id) ?? []);
  return {
    lines: items.map((line) =>
      line.is_return
        ? line.tax_lines
        : (provided(line.id) ?? lineRates(line, region)).map((rate) => ({
            ...rate,
            item_id: line.id,
          })),
    ),
    shippingMethods: shipping_methods.map(({ id, shipping_option }) =>
      (provided(id) ?? optionRates(shipping_option, region)).map((rate) => ({
        ...rate,
        shipping_method_id: id,
      })),
    ),
  };
}

/** Returns whether taxes are calculated for a loaded cart. */
export function isTaxed(cart: Pick<PricedCart, "region">, forcesTaxes: boolean): boolean {
  return forcesTaxes || cart.region.automatic_taxes;
}

/** Returns the totals of a cart in a transaction, with the tax lines of the present rates. */
export function totalsNow(cart: Cart, taxOptions: TaxOptions): AllTotals {
  return totalsOfCart(cart, taxLinesOf(cart, taxOptions), taxOptions.now);
}

/** Returns a copy of a cart with the tax lines of the present rates, and its totals. */
export function priceCart(
  cart: Cart,
  taxOptions: TaxOptions,
): { readonly cart: Cart; readonly totals: AllTotals } {
  const taxes = taxLinesOf(cart, taxOptions);
  return {
    cart: {
      ...cart,
      items: cart.items.map((line, index) => ({ ...line, tax_lines: taxes.lines[index]! })),
      shipping_methods: cart.shipping_methods.map((method, index) => ({
        ...method,
        tax_lines: taxes.shippingMethods[index]!,
      })),
    },
    totals: totalsOfCart(cart, taxes, taxOptions.now),
  };
}

function totalsOfCart(cart: PricedCart, taxes: TaxLines, now: Date): AllTotals {
  return totalsOf({
    lines: cart.items.map((line, index) => lineOf(line, taxes.lines[index]!)),
    shippingMethods: cart.shipping_methods.map((method, index) =>
      shippingMethodOf(method, taxes.shippingMethods[index]!),
    ),
    discounts: cart.discounts.map(discountOf),
    giftCards: toMoneyGiftCards(cart.gift_cards, now),
    giftCardsTaxable: cart.region.gift_cards_taxable,
  });
}
