import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustLines, type CartDiscount, type DiscountedLine } from "./discount-lines.ts";
import { lineTotals } from "./line-totals.ts";

let made = 0;
function line(wish: Partial<DiscountedLine> = {}): DiscountedLine {
  return {
    id: `item_${++made}`,
    unitPrice: 1000,
    quantity: 1,
    includesTax: false,
    allowsDiscounts: true,
    isReturn: false,
    isCovered: true,
    rates: [19],
    adjustments: [],
    ...wish,
  };
}
const fixed = (value: number, allocation = "total"): CartDiscount => ({
  id: "disc_fixed",
  type: "fixed",
  value,
  allocation,
});
const percent = (value: number): CartDiscount => ({
  id: "disc_percent",
  type: "percentage",
  value,
  allocation: "total",
});
const free: CartDiscount = { id: "disc_free", type: "free_shipping", value: 0, allocation: null };
const amounts = (lines: readonly DiscountedLine[], ...discounts: CartDiscount[]) =>
  adjustLines(lines, discounts).map((adjustments) => adjustments.map(({ amount }) => amount));

describe("what is taken off lines", () => {
  it.each([
    ["nothing without a discount", [line()], [], [[]]],
    ["nothing by free shipping", [line()], [free], [[]]],
    [
      "a percentage of each line, rounded half up",
      [line({ unitPrice: 1005 }), line({ quantity: 3 })],
      [percent(10)],
      [[101], [300]],
    ],
    [
      "a percentage of what a price is without tax",
      [line({ unitPrice: 1190, includesTax: true })],
      [percent(10)],
      [[100]],
    ],
    ["an amount off each piece", [line({ quantity: 3 })], [fixed(300, "item")], [[900]]],
    [
      "no more than a line is worth",
      [line({ unitPrice: 200, quantity: 2 })],
      [fixed(300, "item")],
      [[400]],
    ],
    [
      "an amount spread by worth",
      [line(), line({ unitPrice: 3000 })],
      [fixed(500)],
      [[125], [375]],
    ],
    [
      "no more than all lines are worth",
      [line({ unitPrice: 100 }), line({ unitPrice: 200 })],
      [fixed(500)],
      [[100], [200]],
    ],
    [
      "nothing off what takes no discounts",
      [line(), line({ allowsDiscounts: false })],
      [fixed(500)],
      [[500], []],
    ],
    [
      "no share to what is not covered, whose share nobody else gets",
      [line(), line({ isCovered: false })],
      [fixed(500)],
      [[250], []],
    ],
    ["the first that is not free shipping", [line()], [free, percent(10), fixed(500)], [[100]]],
    ["nothing off a gift", [line({ unitPrice: 0 })], [percent(10)], [[]]],
  ])("is %s", (_, lines, discounts, expected) => {
    expect(amounts(lines, ...discounts)).toEqual(expected);
  });

  it("keeps what was made by hand, and replaces what discounts made", () => {
    const adjustments = [
      { amount: 77, discountId: null },
      { amount: 500, discountId: "disc_former" },
    ];
    expect(amounts([line({ adjustments })], percent(10))).toEqual([[77, 100]]);
    expect(amounts([line({ adjustments })])).toEqual([[77]]);
  });

  it("leaves what came back as it was sold", () => {
    const adjustments = [{ amount: -50, discountId: "disc_former" }];
    expect(
      amounts([line({ isReturn: true, unitPrice: -1000, adjustments }), line()], fixed(500)),
    ).toEqual([[-50], [500]]);
  });
});

const anyLine = fc.record({
  unitPrice: fc.nat(1_000_000),
  quantity: fc.integer({ min: 1, max: 500 }),
  includesTax: fc.boolean(),
  allowsDiscounts: fc.boolean(),
  isCovered: fc.boolean(),
  rates: fc.array(fc.constantFrom(0, 7, 12.5, 19, 25), { maxLength: 2 }),
});
const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 12 }).map((lines) => lines.map(line));
const anyDiscount = fc.record({
  id: fc.constant("disc_any"),
  type: fc.constantFrom("fixed", "percentage"),
  value: fc.nat(100_000),
  allocation: fc.constantFrom("total", "item"),
});

describe("for any lines and discount", () => {
  it("takes nothing below zero, and no more than each line is worth", () => {
    fc.assert(
      fc.property(anyLines, anyDiscount, (lines, discount) => {
        amounts(lines, discount).forEach(([amount = 0], index) => {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(lineTotals(lines[index]!, undefined).subtotal + 1e-6);
        });
      }),
    );
  });

  it("lets the shares of a fixed amount sum to it, or to what the lines are worth", () => {
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 10_000_000 }), (some, value) => {
        const lines = some.map((each) => ({ ...each, isCovered: true }));
        const worth = lines.reduce(
          (sum, each) => sum + (each.allowsDiscounts ? lineTotals(each, undefined).subtotal : 0),
          0,
        );
        const taken = amounts(lines, fixed(value))
          .flat()
          .reduce((sum, amount) => sum + amount, 0);
        expect(Math.abs(taken - Math.min(value, worth))).toBeLessThan(1e-6);
      }),
    );
  });

  it("does not care about the order of the lines", () => {
    fc.assert(
      fc.property(anyLines, anyDiscount, (lines, discount) => {
        const reversed = amounts(lines.toReversed(), discount).toReversed();
        amounts(lines, discount).forEach(([amount = 0], index) => {
          expect(reversed[index]?.[0] ?? 0).toBeCloseTo(amount, 6);
        });
      }),
    );
  });
});
