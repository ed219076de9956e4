import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { taxIn, taxPrice } from "./tax-price.ts";

const amounts = fc.integer({ min: 0, max: 2_147_483_647 });
const rates = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 4 });

describe("the tax of a price", () => {
  it.each([
    [5900, false, [19], { tax: 1121, inclTax: 7021 }],
    [5900, true, [19], { tax: 942, inclTax: 5900 }],
    [44900, true, [25], { tax: 8980, inclTax: 44900 }],
    [3500, false, [7.25], { tax: 254, inclTax: 3754 }],
    [1000, false, [], { tax: 0, inclTax: 1000 }],
    [1000, true, [], { tax: 0, inclTax: 1000 }],
    [1000, false, [10, 5], { tax: 150, inclTax: 1150 }],
    [0, false, [19], { tax: 0, inclTax: 0 }],
  ])("of %i, inclusive %s, at %j percent", (amount, includesTax, percents, expected) => {
    expect(taxPrice(amount, includesTax, percents)).toEqual(expected);
  });

  it("is rounded half up, once", () => {
    expect(taxPrice(10, false, [25]).tax).toBe(3);
    expect(taxPrice(750, false, [25]).tax).toBe(188);
    expect(taxPrice(10, false, [12.5, 12.5]).tax).toBe(3);
  });

  it("is at most half a unit off the exact tax, and never changes an inclusive price", () => {
    fc.assert(
      fc.property(amounts, fc.boolean(), rates, (amount, includesTax, percents) => {
        const { tax, inclTax } = taxPrice(amount, includesTax, percents);
        expect(Math.abs(tax - taxIn(amount, includesTax, percents))).toBeLessThanOrEqual(0.5);
        expect(tax).toBeGreaterThanOrEqual(0);
        expect(inclTax).toBe(includesTax ? amount : amount + tax);
        expect(tax).toBeLessThanOrEqual(inclTax);
      }),
    );
  });
});
