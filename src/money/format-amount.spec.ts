import { expect, it } from "vitest";
import { formatAmount } from "./format-amount.ts";

it.each([
  [5000, "eur", "EUR 50.00"],
  [123_456_789, "usd", "USD 1,234,567.89"],
  [5000, "jpy", "JPY 5,000"],
  [5000, "kwd", "KWD 5.000"],
  [1, "DKK", "DKK 0.01"],
  [0, "eur", "EUR 0.00"],
])("formats %i %s as %s", (amount, currency, shown) => {
  expect(formatAmount(amount, currency)).toBe(shown);
});
