import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "./line-totals.ts";
import { prorate } from "./prorate.ts";
import { refundTotal } from "./refund-totals.ts";
import { totalsOf } from "./totals.ts";

const DISCOUNT = { id: "disc", type: "fixed" };
const ORDER = { discountId: DISCOUNT.id, rate: null };

const anyOrder = fc
  .record({
    lines: fc.array(
      fc.record({
        unitPrice: fc.integer({ min: 50, max: 100_000 }),
        quantity: fc.integer({ min: 1, max: 20 }),
        includesTax: fc.boolean(),
        allowsDiscounts: fc.boolean(),
        rates: fc.array(fc.constantFrom(0, 7, 12.5, 19, 25), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    share: fc.double({ min: 0, max: 0.9, noNaN: true }),
    manual: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ lines, share, manual }) => {
    const bare = lines.map((each, index): Line => ({ ...each, id: `${index}`, adjustments: [] }));
    const nets = totalsOf(orderOf(bare)).lines.map(({ subtotal }, index) =>
      bare[index]!.allowsDiscounts ? subtotal : 0,
    );
    const total = nets.reduce((sum, net) => sum + net, 0);
    const shares = prorate(Math.round(total * share), nets);
    return bare.map((line, index) => ({
      ...line,
      adjustments: [
        { amount: shares[index]!, discountId: DISCOUNT.id },
        { amount: manual, discountId: null },
      ],
    }));
  });

function orderOf(lines: readonly Line[]) {
  return {
    lines,
    shippingMethods: [],
    discounts: [DISCOUNT],
    giftCards: [],
    giftCardsTaxable: true,
  };
}

describe("the refunds of any order", () => {
  it("add up to what was paid for its goods, in whatever parts they come back", () => {
    const anyParts = fc.array(fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(anyOrder, anyParts, (lines, parts) => {
        const returned = lines.map(() => 0);
        let refunded = 0;
        for (const wished of [...parts, lines.map(({ quantity }) => quantity)]) {
          const units = lines.map((line, index) => ({
            line,
            returned: returned[index]!,
            quantity: Math.min(wished[index]!, line.quantity - returned[index]!),
          }));
          const refund = refundTotal(units, undefined, ORDER);
          expect(refund).toBeGreaterThanOrEqual(0);
          refunded += refund;
          for (const [index, { quantity }] of units.entries()) returned[index]! += quantity;
        }
        expect(refunded).toBe(totalsOf(orderOf(lines)).whole.total);
      }),
      { numRuns: 500 },
    );
  });

  it("are nothing where the way back costs more", () => {
    const shipping = { price: 10_000_000, includesTax: false, rates: [19] };
    fc.assert(
      fc.property(anyOrder, (lines) => {
        const units = lines.map((line) => ({ line, returned: 0, quantity: line.quantity }));
        expect(refundTotal(units, shipping, ORDER)).toBe(0);
      }),
    );
  });
});
