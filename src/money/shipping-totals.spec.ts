import { expect, it } from "vitest";
import { shippingTotals, shippingTotalsAtLegacyRate } from "./shipping-totals.ts";

const method = { id: "sm", price: 590, includesTax: false, rates: [10] };

it("adds tax to a price without", () => {
  expect(shippingTotals(method, false)).toEqual({
    subtotal: 590,
    tax_total: 59,
    total: 649,
    original_total: 649,
    original_tax_total: 59,
  });
});

it("takes tax out of a price with it", () => {
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

it("rounds several rates once", () => {
  expect(shippingTotals({ ...method, price: 5, rates: [10, 10] }, false).tax_total).toBe(1);
});

it("costs nothing when shipping is free, and still tells what it would", () => {
  expect(shippingTotals(method, true)).toEqual({
    subtotal: 0,
    tax_total: 0,
    total: 0,
    original_total: 649,
    original_tax_total: 59,
  });
});

it("knows one rate for all on orders from before tax lines", () => {
  expect(shippingTotalsAtLegacyRate(method, false, 25)).toMatchObject({
    subtotal: 590,
    tax_total: 148,
    total: 590,
  });
});
