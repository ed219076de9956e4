import { replaceShown } from "../../graph/columns.ts";
import { order } from "../../graph/entities/order-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import type { GiftCardPayment } from "../../money/gift-card-totals.ts";
import {
  activeDiscountId,
  type LineTotals,
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
import {
  discountOf,
  giftCardOf,
  lineOf,
  shippingMethodOf,
  soldLineOf,
} from "../pricing/rows-to-money.ts";

/** The columns of a line that its totals need, by relation path. */
export const lineColumns = {
  "": [
    "id",
    "unit_price",
    "quantity",
    "returned_quantity",
    "includes_tax",
    "allow_discounts",
    "is_return",
    "swap_id",
    "claim_order_id",
  ],
  tax_lines: ["rate"],
  adjustments: ["amount", "discount_id"],
} as const;

/** The columns of an order that its totals need, shown or not, by relation path. */
export const moneyColumns = {
  "": ["tax_rate"],
  ...below("items", lineColumns),
  shipping_methods: ["id", "price", "includes_tax"],
  "shipping_methods.tax_lines": ["rate"],
  discounts: ["id"],
  "discounts.rule": ["type"],
  gift_cards: ["balance", "tax_rate"],
  gift_card_transactions: ["amount", "is_taxable", "tax_rate"],
  payments: ["amount"],
  refunds: ["amount"],
  region: ["gift_cards_taxable", "tax_rate"],
} as const;

/** The same as needs of an order, with those of its swaps and claim orders if they are shown. */
export const moneyNeeds = needsOf(order, moneyColumns, {
  whereShown: {
    ...below("swaps.additional_items", lineColumns),
    ...below("claims.additional_items", lineColumns),
  },
});

/** A loaded order as its totals read it. */
export type OrderTree = TreeOfNeeds<typeof moneyNeeds>;
type OrderLine = OrderTree["items"][number];

/** The totals of an order as answers show them: without the tax that gift cards have paid. */
export type OrderTotals = Totals & PaidTotals;

/**
 * Returns the totals of a loaded order, from its stored tax lines and adjustments: of each line and
 * shipping method in their order, and of the whole. Integers in the currency's smallest unit,
 * except raw discounts, which may be fractions.
 * @param lines the order's own, or those that it would have after an edit
 */
export function totalsOfOrder(
  order: OrderTree,
  lines: readonly OrderLine[] = order.items,
): AllTotals & { readonly whole: OrderTotals } {
  const all = totalsOf({
    lines: lines.map((line) => lineOf(line, line.tax_lines)),
    shippingMethods: order.shipping_methods.map((method) =>
      shippingMethodOf(method, method.tax_lines),
    ),
    discounts: order.discounts.map(discountOf),
    giftCards: order.gift_cards.map(giftCardOf),
    giftCardPayments: order.gift_card_transactions.map((transaction) =>
      giftCardPaymentOf(transaction, order.region),
    ),
    giftCardsTaxable: order.region.gift_cards_taxable,
    legacyTaxRate: order.tax_rate,
  });
  const paid = paidTotals(order.payments.map(amountOf), order.refunds.map(amountOf));
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
 * Returns a loaded order with all totals: its own, those of its lines and shipping methods, and
 * those of the lines of its swaps and claim orders.
 */
export function withTotals(order: OrderTree): Tree {
  const totals = totalsOfOrder(order);
  const withOwnTotals = (swapOrClaim: SwapOrClaim) => withRefundable(order, swapOrClaim);
  return {
    ...replaceShown(order, {
      items: linesWithTotals(order, order.items, totals),
      shipping_methods: order.shipping_methods.map((method, index) => ({
        ...method,
        ...totals.shippingMethods[index],
        ...(order.tax_rate ? { tax_lines: [] } : {}),
      })),
      swaps: order.swaps?.map(withOwnTotals),
      claims: order.claims?.map(withOwnTotals),
    }),
    ...totals.whole,
  };
}

type SwapOrClaim = NonNullable<OrderTree["swaps"]>[number];

function withRefundable(order: OrderTree, swapOrClaim: SwapOrClaim): Tree {
  const additional_items = swapOrClaim.additional_items.map((line) => ({
    ...line,
    refundable: refundableOf(order, line),
    quantity: remainingQuantity(line),
  }));
  return { ...swapOrClaim, additional_items };
}

/**
 * Returns a loaded order with only the named totals. Its lines get only what these require, as in
 * Medusa's lists.
 */
export function withNamedTotals(order: OrderTree, named: ReadonlySet<string>): Tree {
  const totals = totalsOfOrder(order);
  const showsLineTotals = named.has("total") || named.has("subtotal");
  const items = order.items.map((line, index) => ({
    ...line,
    ...(showsLineTotals ? shownTotals(order, totals.lines[index]) : {}),
    ...(named.has("items.refundable") ? { refundable: refundableOf(order, line) } : {}),
  }));
  const namedTotals = Object.entries(totals.whole).filter(
    ([name]) => named.has(name) || (name === "gift_card_tax_total" && named.has("gift_card_total")),
  );
  return { ...replaceShown(order, { items }), ...Object.fromEntries(namedTotals) };
}

/** Returns lines of an order with their totals and the amount that may be refunded. */
export function linesWithTotals(
  order: OrderTree,
  lines: readonly OrderLine[],
  totals: AllTotals,
): Tree[] {
  return lines.map((line, index) => ({
    ...line,
    ...shownTotals(order, totals.lines[index]),
    refundable: refundableOf(order, line),
  }));
}

function shownTotals(order: OrderTree, totals: LineTotals | undefined): Tree {
  return { ...totals, ...(order.tax_rate ? { tax_lines: [] } : {}) };
}

function refundableOf(order: OrderTree, row: OrderLine): number {
  const discountId = activeDiscountId(order.discounts.map(discountOf));
  const line = soldLineOf(row, row.tax_lines);
  const units = { quantity: remainingQuantity(row), returned: row.returned_quantity ?? 0 };
  return order.tax_rate === null
    ? quantityRefund(line, units, discountId)
    : quantityRefundAtLegacyRate(line, units, discountId, order.tax_rate);
}

/** The quantity of a line that was not returned. */
function remainingQuantity({ quantity, returned_quantity }: OrderLine): number {
  return quantity - (returned_quantity ?? 0);
}

/**
 * A gift card payment that does not record whether it was taxed is from before Medusa stored that:
 * the region's rate applies.
 */
function giftCardPaymentOf(
  transaction: OrderTree["gift_card_transactions"][number],
  region: OrderTree["region"],
): GiftCardPayment {
  const isOld = transaction.is_taxable === null && region.gift_cards_taxable;
  const rate = isOld ? region.tax_rate : transaction.tax_rate;
  return { amount: transaction.amount, rate };
}

function amountOf({ amount }: { readonly amount: number }): number {
  return amount;
}
