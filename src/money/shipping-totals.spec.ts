import { expect, it } from "vitest";
import { shippingTotals, shippingTotalsAtLegacyRate } from "./shipping-totals.ts";

const method = { id: "sm", price: 590, includesTax: false, rates: [10] };

it("adds tax to a tax-exclusive price", () => {
  expect(shippingTotals(method, false)).toEqual({
    subtotal: 590,
    tax_total: 59,
    total: 649,
    original_total: 649,
    original_tax_total: 59,
  });
});

it("splits the tax from a tax-inclusive price", () => {
  expect(shippingTotals({ ...method, price: 4900, includesTax: true, rates: [25] }, false)).toEqual(
    {
      subtotal: 3920,
      tax_total: 980,
      total: 4900,
      original_total: 4900,
      original_tax_total: 980,
    },
  );
});

it("rounds the sum of several rates once", () => {
  expect(shippingTotals({ ...method, price: 5, rates: [10, 10] }, false).tax_total).toBe(1);
});

it("is 0 if shipping is free, but keeps the original total", () => {
  expect(shippingTotals(method, true)).toEqual({
    subtotal: 0,
    tax_total: 0,
    total: 0,
    original_total: 649,
    original_tax_total: 59,
  });
});

it("uses the single rate of an order from before tax lines", () => {
  expect(shippingTotalsAtLegacyRate(method, false, 25)).toMatchObject({
    subtotal: 590,
    tax_total: 148,
    total: 590,
  });
});
