import { field, type Tree } from "../../graph/entity.ts";
import type { Needs } from "../../graph/shape-for.ts";
import { type AllTotals, totalsOf } from "../../money/totals.ts";
import { discountOf, lineOf, shippingMethodOf } from "../pricing/rows-to-money.ts";
import { lineRates, methodRates, type Rate, toMoneyGiftCards } from "./cart-to-money.ts";
import type { Cart, GiftCardRow } from "./cart-tree.ts";
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

/** Relations that the totals need besides. They are shown only if the client requests them. */
export const totalsNeeds: Needs = {
  relations: [
    "items.variant.product.tax_rates",
    "items.variant.product.type.tax_rates",
    "shipping_methods.shipping_option.tax_rates",
  ],
};

interface TaxOptions {
  readonly forcesTaxes: boolean;
  /** The rates of a tax provider. Without them, the shop's own rates apply. */
  readonly rates?: ProvidedRates | undefined;
  readonly now: Date;
}

/** Adds tax lines and all totals to a loaded cart. */
export function addCartTotals(cart: Tree, taxOptions: TaxOptions): void {
  addTaxLines(cart, taxOptions);
  const totals = totalsOfCart(cart, taxOptions.now);
  field<Tree[]>(cart, "items").forEach((line, index) => {
    Object.assign(line, totals.lines[index]);
  });
  field<Tree[]>(cart, "shipping_methods").forEach((method, index) => {
    Object.assign(method, totals.shippingMethods[index]);
  });
  Object.assign(cart, totals.whole);
}

/**
 * Adds the tax lines of the rates that apply now. If the region does not calculate taxes
 * automatically and `forcesTaxes` is not set, only the cart's stored tax lines apply.
 */
function addTaxLines(cart: Tree, taxOptions: TaxOptions): void {
  const region = field<Tree>(cart, "region");
  if (!isTaxed(cart, taxOptions.forcesTaxes)) return;
  const provided = (row: Tree) =>
    taxOptions.rates && (taxOptions.rates.get(row["id"] as string) ?? []);
  for (const line of field<Tree[]>(cart, "items")) {
    if (!line["is_return"])
      line["tax_lines"] = taxLines("item_id", line, provided(line) ?? lineRates(line, region));
  }
  for (const method of field<Tree[]>(cart, "shipping_methods")) {
    method["tax_lines"] = taxLines(
      "shipping_method_id",
      method,
      provided(method) ?? methodRates(method, region),
    );
  }
}

/** Returns whether taxes are calculated for a loaded cart. */
export function isTaxed(cart: Tree, forcesTaxes: boolean): boolean {
  return forcesTaxes || field<Tree>(cart, "region")["automatic_taxes"] === true;
}

/** Returns the totals of a cart in a transaction, with the tax lines of the present rates. */
export function totalsNow(cart: Cart, taxOptions: TaxOptions): AllTotals {
  return totalsOfCart(withTaxLines(cart, taxOptions), taxOptions.now);
}

/** Returns a copy of a cart with the tax lines of the present rates, and its totals. */
export function priceCart(
  cart: Cart,
  taxOptions: TaxOptions,
): { readonly cart: Cart; readonly totals: AllTotals } {
  const tree = withTaxLines(cart, taxOptions);
  return { cart: tree as unknown as Cart, totals: totalsOfCart(tree, taxOptions.now) };
}

function withTaxLines(cart: Cart, taxOptions: TaxOptions): Tree {
  const copies = (rows: readonly object[]) => rows.map((row) => ({ ...row }));
  const tree: Tree = {
    ...cart,
    items: copies(cart.items),
    shipping_methods: copies(cart.shipping_methods),
  };
  addTaxLines(tree, taxOptions);
  return tree;
}

function totalsOfCart(cart: Tree, now: Date): AllTotals {
  return totalsOf({
    lines: field<Tree[]>(cart, "items").map(lineOf),
    shippingMethods: field<Tree[]>(cart, "shipping_methods").map(shippingMethodOf),
    discounts: field<Tree[]>(cart, "discounts").map(discountOf),
    giftCards: toMoneyGiftCards(field<GiftCardRow[]>(cart, "gift_cards"), now),
    giftCardsTaxable: field<Tree>(cart, "region")["gift_cards_taxable"] === true,
  });
}

function taxLines(
  key: "item_id" | "shipping_method_id",
  row: Tree,
  rates: readonly Rate[],
): Tree[] {
  return rates.map((rate) => ({ ...rate, [key]: row["id"] }));
}
