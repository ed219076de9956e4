/**
 * Formats an amount, an integer in the currency's smallest unit, for people: `EUR 50.00`, `JPY
 * 5,000`.
 */
export function formatAmount(amount: number, currencyCode: string): string {
  const format = new Intl.NumberFormat("en", {
    style: "currency",
    currency: currencyCode,
    currencyDisplay: "code",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits).replaceAll("\u00A0", " ");
}
