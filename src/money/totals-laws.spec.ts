import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "./line-totals.ts";
import { prorate } from "./prorate.ts";
import { type Priced, totalsOf } from "./totals.ts";

const DISCOUNT = { id: "disc", type: "fixed" };
const FREE_SHIPPING = { id: "free", type: "free_shipping" };
const EMPTY: Priced = {
  lines: [],
  shippingMethods: [],
  discounts: [],
  giftCards: [],
  giftCardsTaxable: true,
};

const rate = fc.constantFrom(0, 5, 7, 7.25, 10, 12.5, 19, 20, 25);
const anyLine = fc.record({
  unitPrice: fc.integer({ min: 0, max: 500_000 }),
  quantity: fc.integer({ min: 1, max: 50 }),
  rates: fc.array(rate, { maxLength: 3 }),
  includesTax: fc.boolean(),
  allowsDiscounts: fc.boolean(),
});
const anyMethod = fc.record({
  price: fc.integer({ min: 0, max: 50_000 }),
  rates: fc.array(rate, { maxLength: 2 }),
  includesTax: fc.boolean(),
});
const anyCart = fc
  .record({
    lines: fc.array(anyLine, { maxLength: 8 }),
    methods: fc.array(anyMethod, { maxLength: 3 }),
    fixed: fc.integer({ min: 0, max: 100_000 }),
    isFree: fc.boolean(),
    giftCards: fc.array(
      fc.record({ balance: fc.integer({ min: 0, max: 200_000 }), rate: fc.option(rate) }),
      { maxLength: 3 },
    ),
    giftCardsTaxable: fc.boolean(),
  })
  .map(({ lines, methods, fixed, isFree, ...rest }): Priced => {
    const bare = lines.map(
      (wish, index): Line => ({ ...wish, id: `line${index}`, adjustments: [] }),
    );
    const netAmounts = totalsOf({ ...EMPTY, lines: bare }).lines.map(({ subtotal }, index) =>
      bare[index]?.allowsDiscounts ? subtotal : 0,
    );
    const shares = prorate(fixed, netAmounts);
    return {
      lines: bare.map((each, index) => ({
        ...each,
        adjustments: [{ amount: shares[index] ?? 0, discountId: DISCOUNT.id }],
      })),
      shippingMethods: methods.map((wish, index) => ({ ...wish, id: `method${index}` })),
      discounts: isFree ? [DISCOUNT, FREE_SHIPPING] : [DISCOUNT],
      ...rest,
    };
  });

describe("the totals of any cart", () => {
  it("are the sums of their parts", () => {
    fc.assert(
      fc.property(anyCart, (cart) => {
        const { lines, shippingMethods, whole } = totalsOf(cart);
        const sum = <K extends string>(parts: readonly Record<K, number>[], name: K) =>
          parts.reduce((total, part) => total + part[name], 0);
        expect(whole.subtotal).toBe(sum(lines, "subtotal"));
        expect(whole.tax_total).toBe(sum(lines, "tax_total") + sum(shippingMethods, "tax_total"));
        expect(whole.shipping_total).toBe(sum(shippingMethods, "subtotal"));
        expect(whole.total).toBe(
          whole.subtotal +
            whole.shipping_total +
            whole.tax_total -
            whole.discount_total -
            whole.gift_card_total -
            whole.gift_card_tax_total,
        );
        for (const each of lines) {
          expect(each.total).toBe(each.subtotal - each.discount_total + each.tax_total);
          expect(each.original_total).toBe(each.subtotal + each.original_tax_total);
        }
        for (const each of shippingMethods) expect(each.total).toBe(each.subtotal + each.tax_total);
      }),
    );
  });

  it("do not depend on the order of lines and methods", () => {
    fc.assert(
      fc.property(anyCart, (cart) => {
        const { raw_discount_total: one, ...whole } = totalsOf(cart).whole;
        const turned = {
          ...cart,
          lines: cart.lines.toReversed(),
          shippingMethods: cart.shippingMethods.toReversed(),
        };
        const { raw_discount_total: other, ...wholeTurned } = totalsOf(turned).whole;
        expect(wholeTurned).toEqual(whole);
        expect(other).toBeCloseTo(one, 6);
      }),
    );
  });

  it("are never negative, and integers", () => {
    fc.assert(
      fc.property(anyCart, (cart) => {
        const { lines, shippingMethods, whole } = totalsOf(cart);
        for (const part of [...lines, ...shippingMethods, whole]) {
          for (const [name, amount] of Object.entries(part)) {
            expect(amount, name).toBeGreaterThanOrEqual(0);
            if (name !== "raw_discount_total") expect(Number.isInteger(amount), name).toBe(true);
          }
        }
        expect(whole.gift_card_tax_total).toBeLessThanOrEqual(whole.tax_total);
      }),
    );
  });
});
