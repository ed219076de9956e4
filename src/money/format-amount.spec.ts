import { expect, it } from "vitest";
import { formatAmount } from "./format-amount.ts";

it.each([
  [5000, "eur", "en", "€50.00"],
  [5000, "eur", "de", "50,00\u00A0€"],
  [123_456_789, "usd", "en", "$1,234,567.89"],
  [123_456_789, "usd", "fr", "1\u202F234\u202F567,89\u00A0$US"],
  [5000, "jpy", "en", "¥5,000"],
  [5000, "kwd", "en", "KWD\u00A05.000"],
  [1, "DKK", "da", "0,01\u00A0kr."],
  [0, "eur", "en", "€0.00"],
  [-250, "eur", "en", "-€2.50"],
])("formats %i %s in %s as %s", (amount, currency, language, shown) => {
  expect(formatAmount(amount, currency, language)).toBe(shown);
});
