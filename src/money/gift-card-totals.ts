/**
 * A gift card that pays. The balance is an integer in the smallest unit; the rate is in percent,
 * null when the card is not taxed.
 */
export interface GiftCard {
  readonly balance: number;
  readonly rate: number | null;
}

/** What a card paid of an order. */
export interface GiftCardPayment {
  readonly amount: number;
  /** In percent; null when it was not taxed. */
  readonly rate: number | null;
}

/** Integers in the smallest unit. */
export interface GiftCardTotals {
  readonly total: number;
  /** The tax that was paid when the cards were bought, and is not paid again. */
  readonly tax_total: number;
}

/**
 * What the cards, in the order in which they pay, pay of an amount. Nothing of an amount below
 * zero.
 */
export function giftCardTotals(amountDue: number, cards: readonly GiftCard[]): GiftCardTotals {
  let remaining = Math.max(amountDue, 0);
  const totals = { total: 0, tax_total: 0 };
  for (const { balance, rate } of cards) {
    const paid = Math.min(remaining, balance);
    remaining -= paid;
    totals.total += paid;
    totals.tax_total += Math.round(paid * ((rate ?? 0) / 100));
  }
  return totals;
}

/** What cards have paid of a placed order. */
export function giftCardPaymentTotals(payments: readonly GiftCardPayment[]): GiftCardTotals {
  const totals = { total: 0, tax_total: 0 };
  for (const { amount, rate } of payments) {
    totals.total += amount;
    totals.tax_total = Math.round(totals.tax_total + amount * ((rate ?? 0) / 100));
  }
  return totals;
}
