import type { SummaryRow } from "../../mails/mail-data.ts";
import type { AllTotals } from "../../money/totals.ts";
import type { OrderTotals } from "./order-totals.ts";

type Totals = Pick<AllTotals, "lines"> & { readonly whole: OrderTotals };

/**
 * Returns the rows of an order's summary, those of nothing left out. Where prices include tax, so
 * do the rows, and the tax is named below the total; otherwise it is a row of its own. All rows
 * before `total` add up to it.
 */
export function orderSummary({ lines, whole }: Totals, includesTax: boolean): SummaryRow[] {
  const { subtotal, discount_total, shipping_total, tax_total, total } = whole;
  if (!includesTax)
    return [
      { kind: "items", amount: subtotal },
      ...unlessZero("discounts", -discount_total),
      ...unlessZero("shipping", shipping_total),
      ...unlessZero("tax", tax_total),
      ...unlessZero("gift_cards", -whole.gift_card_total),
      { kind: "total", amount: total },
    ];
  const items = lines.reduce((sum, line) => sum + line.original_total, 0);
  const shipping = shipping_total + whole.shipping_tax_total;
  const giftCards = whole.gift_card_total + whole.gift_card_tax_total;
  return [
    { kind: "items", amount: items },
    // A discount is rounded once for the whole order, so it is what the others leave.
    ...unlessZero("discounts", total + giftCards - shipping - items),
    ...unlessZero("shipping", shipping),
    ...unlessZero("gift_cards", -giftCards),
    { kind: "total", amount: total },
    ...unlessZero("included_tax", tax_total),
  ];
}

function unlessZero(kind: SummaryRow["kind"], amount: number): SummaryRow[] {
  // Minus zero is zero, too.
  return amount === 0 ? [] : [{ kind, amount }];
}
