import { field, type Tree } from "../../graph/entity.ts";
import type { GiftCardPayment } from "../../money/gift-card-totals.ts";
import {
  activeDiscountId,
  type Discount,
  quantityRefund,
  quantityRefundAtLegacyRate,
} from "../../money/line-totals.ts";
import {
  type AllTotals,
  type PaidTotals,
  paidTotals,
  type Totals,
  totalsOf,
} from "../../money/totals.ts";
import { discountOf, giftCardOf, lineOf, shippingMethodOf } from "../pricing/rows-to-money.ts";

/** The relations that an order must be loaded with to calculate its totals, shown or not. */
export const moneyRelations: readonly string[] = [
  "items.tax_lines",
  "items.adjustments",
  "shipping_methods.tax_lines",
  "discounts.rule",
  "gift_cards",
  "gift_card_transactions",
  "payments",
  "refunds",
  "region",
];
/** The columns that it must be loaded with, by relation. */
export const moneyColumns: ReadonlyMap<string, readonly string[]> = new Map([["", ["tax_rate"]]]);

/** The totals of an order as answers show them: without the tax that gift cards have paid. */
export type OrderTotals = Totals & PaidTotals;

/**
 * Returns the totals of a loaded order, from its stored tax lines and adjustments: of each line and
 * shipping method in their order, and of the whole. Integers in the currency's smallest unit,
 * except raw discounts, which may be fractions.
 */
export function totalsOfOrder(order: Tree): AllTotals & { readonly whole: OrderTotals } {
  const region = field<Tree | null>(order, "region");
  const all = totalsOf({
    lines: rows(order, "items").map(lineOf),
    shippingMethods: rows(order, "shipping_methods").map(shippingMethodOf),
    discounts: discountsOf(order),
    giftCards: rows(order, "gift_cards").map(giftCardOf),
    giftCardPayments: rows(order, "gift_card_transactions").map((transaction) =>
      giftCardPaymentOf(transaction, region),
    ),
    giftCardsTaxable: region?.["gift_cards_taxable"] === true,
    legacyTaxRate: field<number | null>(order, "tax_rate"),
  });
  const paid = paidTotals(
    rows(order, "payments").map(amountOf),
    rows(order, "refunds").map(amountOf),
  );
  return {
    ...all,
    whole: {
      ...all.whole,
      tax_total: all.whole.tax_total - all.whole.gift_card_tax_total,
      ...paid,
    },
  };
}

/**
 * Adds all totals to a loaded order, to its lines and shipping methods, and to the lines of its
 * swaps and claim orders.
 */
export function addTotals(order: Tree): void {
  const totals = totalsOfOrder(order);
  addLineTotalsAndRefunds(order, totals);
  rows(order, "shipping_methods").forEach((method, index) => {
    Object.assign(method, totals.shippingMethods[index]);
    if (field(order, "tax_rate")) method["tax_lines"] = [];
  });
  for (const swapOrClaim of [...rows(order, "swaps"), ...rows(order, "claims")]) {
    const lines = rows(swapOrClaim, "additional_items");
    addRefundable(order, lines);
    for (const line of lines) line["quantity"] = remainingQuantity(line);
  }
  Object.assign(order, totals.whole);
}

/** Adds only the named totals, and to lines only what these require, as Medusa's lists do. */
export function addNamedTotals(order: Tree, named: ReadonlySet<string>): void {
  const totals = totalsOfOrder(order);
  if (named.has("total") || named.has("subtotal")) addLineTotals(order, totals);
  if (named.has("items.refundable")) addRefundable(order, rows(order, "items"));
  for (const [name, amount] of Object.entries(totals.whole)) {
    if (named.has(name) || (name === "gift_card_tax_total" && named.has("gift_card_total")))
      order[name] = amount;
  }
}

/** Adds to an order's lines their totals and the amount that may be refunded. */
export function addLineTotalsAndRefunds(order: Tree, totals: AllTotals): void {
  addLineTotals(order, totals);
  addRefundable(order, rows(order, "items"));
}

function addLineTotals(order: Tree, totals: AllTotals): void {
  rows(order, "items").forEach((line, index) => {
    Object.assign(line, totals.lines[index]);
    if (field(order, "tax_rate")) line["tax_lines"] = [];
  });
}

function addRefundable(order: Tree, lines: readonly Tree[]): void {
  const discountId = activeDiscountId(discountsOf(order));
  const rate = field<number | null>(order, "tax_rate");
  for (const line of lines) {
    const returned = (line["returned_quantity"] as number | null) ?? 0;
    const units = { quantity: remainingQuantity(line), returned };
    line["refundable"] =
      rate === null
        ? quantityRefund(lineOf(line), units, discountId)
        : quantityRefundAtLegacyRate(lineOf(line), units, discountId, rate);
  }
}

/** The quantity of a line that was not returned. */
function remainingQuantity(line: Tree): number {
  return (line["quantity"] as number) - ((line["returned_quantity"] as number | null) ?? 0);
}

function discountsOf(order: Tree): Discount[] {
  return rows(order, "discounts").map(discountOf);
}

/**
 * A gift card payment that does not record whether it was taxed is from before Medusa stored that:
 * the region's rate applies.
 */
function giftCardPaymentOf(transaction: Tree, region: Tree | null): GiftCardPayment {
  const isOld = transaction["is_taxable"] === null && region?.["gift_cards_taxable"] === true;
  const rate = isOld ? region["tax_rate"] : transaction["tax_rate"];
  return { amount: amountOf(transaction), rate: rate as number | null };
}

function amountOf(row: Tree): number {
  return row["amount"] as number;
}

function rows(row: Tree, relation: string): Tree[] {
  return field<Tree[] | undefined>(row, relation) ?? [];
}
