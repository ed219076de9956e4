/**
 * A gift card on a cart. The balance is an integer in the currency's smallest unit; the rate is in
 * percent, null if the card is not taxed.
 */
export interface GiftCard {
  readonly balance: number;
  readonly rate: number | null;
}

/** What a gift card paid of an order: an integer in the currency's smallest unit. */
export interface GiftCardPayment {
  readonly amount: number;
  /** In percent; null if the payment was not taxed. */
  readonly rate: number | null;
}

/** Integers in the smallest unit. */
export interface GiftCardTotals {
  readonly total: number;
  /** The tax that was paid when the cards were bought; it is not charged again. */
  readonly tax_total: number;
}

/**
 * Returns what gift cards pay of an amount due, an integer in the currency's smallest unit. The
 * cards pay in the given order. They pay nothing of a negative amount.
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

/** Returns the totals of what gift cards have paid of a placed order. */
export function giftCardPaymentTotals(payments: readonly GiftCardPayment[]): GiftCardTotals {
  const totals = { total: 0, tax_total: 0 };
  for (const { amount, rate } of payments) {
    totals.total += amount;
    totals.tax_total = Math.round(totals.tax_total + amount * ((rate ?? 0) / 100));
  }
  return totals;
}
