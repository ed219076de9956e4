import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeDiscountId,
  adjustmentOf,
  type Line,
  lineTotals,
  lineTotalsAtLegacyRate,
  quantityRefund,
  quantityRefundAtLegacyRate,
} from "./line-totals.ts";

const line = (wish: Partial<Line> = {}): Line => ({
  id: "line",
  unitPrice: 4720,
  quantity: 3,
  includesTax: false,
  allowsDiscounts: true,
  rates: [19],
  adjustments: [],
  ...wish,
});
const off = (amount: number, discountId: string | null = "disc") => ({
  adjustments: [{ amount, discountId }],
});

describe("the totals of a line", () => {
  it.each<[string, Partial<Line>, number[]]>([
    // subtotal, discount, tax, total, original total, original tax
    ["without tax in its price", {}, [14160, 0, 2690, 16850, 16850, 2690]],
    [
      "with a share of a fixed discount",
      { quantity: 1, ...off(270.67324234430555) },
      [4720, 271, 845, 5294, 5617, 897],
    ],
    [
      "with a rounded half",
      { unitPrice: 1500, quantity: 1, rates: [12.5] },
      [1500, 0, 188, 1688, 1688, 188],
    ],
    [
      "that is returned, its half also rounded up",
      { unitPrice: -1500, quantity: 1, rates: [12.5] },
      [-1500, 0, -187, -1687, -1687, -187],
    ],
    [
      "with tax in its price",
      { unitPrice: 44900, includesTax: true, rates: [25] },
      [107760, 0, 26940, 134700, 134700, 26940],
    ],
    [
      "with tax in its price, discounted",
      { unitPrice: 44900, includesTax: true, rates: [25], ...off(21552) },
      [107760, 21552, 21552, 107760, 134700, 26940],
    ],
    [
      "with two rates, each rounded",
      { unitPrice: 333, quantity: 1, rates: [5, 7.25] },
      [333, 0, 41, 374, 374, 41],
    ],
    ["that is not taxed", { rates: [] }, [14160, 0, 0, 14160, 14160, 0]],
    [
      "with tax in its price but no rates: its price stays",
      { includesTax: true, rates: [] },
      [14160, 0, 0, 14160, 14160, 0],
    ],
  ])("%s", (_, wish, expected) => {
    const totals = lineTotals(line(wish), "disc");
    const { subtotal, discount_total, tax_total, total, original_total, original_tax_total } =
      totals;
    expect([
      subtotal,
      discount_total,
      tax_total,
      total,
      original_total,
      original_tax_total,
    ]).toEqual(expected);
  });

  it("keep the fractions of a prorated discount", () => {
    expect(lineTotals(line(off(57.28867989448331)), "disc").raw_discount_total).toBe(
      57.28867989448331,
    );
  });

  it("use the single rate of an order from before tax lines", () => {
    expect(
      lineTotalsAtLegacyRate(
        line({ unitPrice: 1250, quantity: 2, includesTax: true, rates: [] }),
        "disc",
        25,
      ),
    ).toMatchObject({
      subtotal: 2000,
      tax_total: 500,
      total: 2500,
    });
  });
});

describe("the adjustment of a line", () => {
  it("is the sum of the active discount's adjustments and manual ones", () => {
    const adjustments = [
      { amount: 100, discountId: "disc" },
      { amount: 30, discountId: "other" },
      { amount: 5, discountId: null },
    ];
    expect(adjustmentOf(line({ adjustments }), "disc")).toBe(105);
    expect(adjustmentOf(line({ adjustments, allowsDiscounts: false }), "disc")).toBe(5);
    expect(adjustmentOf(line({ adjustments }), undefined)).toBe(5);
  });

  it("never comes from free shipping", () => {
    expect(activeDiscountId([{ id: "free", type: "free_shipping" }])).toBeUndefined();
    expect(
      activeDiscountId([
        { id: "free", type: "free_shipping" },
        { id: "ten", type: "percentage" },
      ]),
    ).toBe("ten");
  });
});

describe("the refund of a line", () => {
  it.each<[string, Partial<Line>, number, number]>([
    ["all units", {}, 3, 16850],
    ["one unit", {}, 1, 5617],
    ["no unit", {}, 0, 0],
    ["a unit less its share of the discount", off(1000), 1, 5220],
    ["tax included in the price", { unitPrice: 44900, includesTax: true, rates: [25] }, 2, 89800],
  ])("%s", (_, wish, quantity, expected) => {
    expect(quantityRefund(line(wish), { quantity, returned: 0 }, "disc")).toBe(expected);
  });

  it.each<[string, number, number]>([
    ["all units at a legacy tax rate", 3, 16450],
    ["one unit at a legacy tax rate", 1, 5484],
  ])("%s", (_, quantity, refund) => {
    const sold = line({ ...off(1000), rates: [] });
    const units = { quantity, returned: 0 };
    expect(quantityRefundAtLegacyRate(sold, units, "disc", 25)).toBe(refund);
  });

  const anySoldLine = fc
    .record({
      unitPrice: fc.oneof(fc.nat(20), fc.nat(100_000)),
      quantity: fc.integer({ min: 1, max: 50 }),
      includesTax: fc.boolean(),
      rates: fc.array(fc.constantFrom(0, 7, 12.5, 19, 25), { maxLength: 3 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      discountId: fc.constantFrom("disc", null),
    })
    .map(({ share, discountId, ...wish }) =>
      line({ ...wish, ...off(wish.unitPrice * wish.quantity * share, discountId) }),
    );

  it("adds up to what was paid, in whatever parts units come back, and is never negative", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 50 });
    fc.assert(
      fc.property(anySoldLine, parts, (sold, wished) => {
        let returned = 0;
        let sum = 0;
        for (const wish of [...wished, sold.quantity]) {
          const quantity = Math.min(wish, sold.quantity - returned);
          const refund = quantityRefund(sold, { quantity, returned }, "disc");
          expect(refund).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(refund)).toBe(true);
          returned += quantity;
          sum += refund;
        }
        expect(sum).toBe(Math.max(lineTotals(sold, "disc").total, 0));
      }),
      { numRuns: 1000 },
    );
  });
});
