import { MAX_INTEGER } from "./product-fields.ts";

/** The currencies that Medusa counts without a smaller unit. All others have hundredths there. */
const WITHOUT_DECIMALS = new Set(
  "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "),
);

const decimalsOf = (currency: string) => (WITHOUT_DECIMALS.has(currency.toLowerCase()) ? 0 : 2);

/**
 * Returns the amount of a decimal text such as `19.5`, in the currency's smallest unit, or a
 * sentence that says what is wrong with the text.
 */
export function parseAmount(text: string, currency: string): number | { wrong: string } {
  const decimals = decimalsOf(currency);
  const [, whole, fraction = ""] = /^(\d{1,12})(?:\.(\d{1,20}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined)
    return { wrong: `"${text}" is not a number; write it as ${decimals ? "12.50" : "1250"}` };
  if (/[1-9]/.test(fraction.slice(decimals)))
    return { wrong: `"${text}" has more than ${decimals} decimals` };
  const amount = Number(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return amount > MAX_INTEGER ? { wrong: `"${text}" is larger than can be stored` } : amount;
}

/** Returns an amount in the currency's smallest unit as a decimal text, as in `19.5`. */
export function formatAmount(amount: number, currency: string): string {
  return String(decimalsOf(currency) === 0 ? amount : amount / 100);
}
