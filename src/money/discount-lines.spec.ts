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

describe("the adjustments of lines", () => {
  it.each([
    ["nothing without a discount", [line()], [], [[]]],
    ["nothing for free shipping", [line()], [free], [[]]],
    [
      "a percentage of each line, rounded half up",
      [line({ unitPrice: 1005 }), line({ quantity: 3 })],
      [percent(10)],
      [[101], [300]],
    ],
    [
      "a percentage of the price without tax",
      [line({ unitPrice: 1190, includesTax: true })],
      [percent(10)],
      [[100]],
    ],
    ["an amount for each unit", [line({ quantity: 3 })], [fixed(300, "item")], [[900]]],
    [
      "at most the line's net amount",
      [line({ unitPrice: 200, quantity: 2 })],
      [fixed(300, "item")],
      [[400]],
    ],
    [
      "an amount prorated over the lines",
      [line(), line({ unitPrice: 3000 })],
      [fixed(500)],
      [[125], [375]],
    ],
    [
      "at most the net amount of all lines",
      [line({ unitPrice: 100 }), line({ unitPrice: 200 })],
      [fixed(500)],
      [[100], [200]],
    ],
    [
      "nothing for a line that allows no discounts",
      [line(), line({ allowsDiscounts: false })],
      [fixed(500)],
      [[500], []],
    ],
    [
      "the whole amount for the lines that are covered",
      [line(), line({ isCovered: false })],
      [fixed(500)],
      [[500], []],
    ],
    [
      "at most the limit of a fixed amount, prorated",
      [line({ quantity: 3 }), line()],
      [{ ...fixed(300, "item"), limit: 400 }],
      [[300], [100]],
    ],
    ["nothing beyond a limit of nothing", [line()], [{ ...fixed(500), limit: 0 }], [[]]],
    [
      "the first discount that is not free shipping",
      [line()],
      [free, percent(10), fixed(500)],
      [[100]],
    ],
    ["nothing for a free item", [line({ unitPrice: 0 })], [percent(10)], [[]]],
  ])("are %s", (_, lines, discounts, expected) => {
    expect(amounts(lines, ...discounts)).toEqual(expected);
  });

  it("keep manual ones, and replace those of discounts", () => {
    const adjustments = [
      { amount: 77, discountId: null },
      { amount: 500, discountId: "disc_former" },
    ];
    expect(amounts([line({ adjustments })], percent(10))).toEqual([[77, 100]]);
    expect(amounts([line({ adjustments })])).toEqual([[77]]);
  });

  it("stay unchanged on return lines", () => {
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
  it("is neither negative nor above a line's net amount", () => {
    fc.assert(
      fc.property(anyLines, anyDiscount, (lines, discount) => {
        amounts(lines, discount).forEach(([amount = 0], index) => {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(lineTotals(lines[index]!, undefined).subtotal + 1e-6);
        });
      }),
    );
  });

  it("prorates a fixed amount fully, up to the net amount of the lines", () => {
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 10_000_000 }), (some, value) => {
        const netTotal = some.reduce(
          (sum, each) =>
            sum +
            (each.allowsDiscounts && each.isCovered ? lineTotals(each, undefined).subtotal : 0),
          0,
        );
        const taken = amounts(some, fixed(value))
          .flat()
          .reduce((sum, amount) => sum + amount, 0);
        expect(Math.abs(taken - Math.min(value, netTotal))).toBeLessThan(1e-6);
      }),
    );
  });

  it("does not depend on the order of the lines", () => {
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
