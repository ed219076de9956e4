/**
 * Formats an amount, an integer in the currency's smallest unit, for people who read a language:
 * `€50.00` in English, `50,00 €` in German, `¥5,000`.
 */
export function formatAmount(amount: number, currencyCode: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency: currencyCode });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}
