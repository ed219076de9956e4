import fc from "fast-check";
import { expect, it } from "vitest";
import { totalsOf } from "../../money/totals.ts";
import { orderSummary } from "./order-summary.ts";

const rate = fc.constantFrom<number>(0, 5, 7.25, 10, 19, 20, 25);
const anOrder = fc.record({
  lines: fc.array(
    fc.record({
      unitPrice: fc.integer({ min: 0, max: 500_000 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      rates: fc.array(rate, { maxLength: 2 }),
      discount: fc.double({ min: 0, max: 1000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  includesTax: fc.boolean(),
  shipping: fc.integer({ min: 0, max: 5000 }),
  card: fc.record({
    balance: fc.integer({ min: 0, max: 100_000 }),
    rate: fc.constantFrom<number | null>(null, 19),
  }),
  giftCardsTaxable: fc.boolean(),
});

function summaryOf({ lines, includesTax, shipping, card, giftCardsTaxable }: Example) {
  const totals = totalsOf({
    lines: lines.map(({ discount, ...line }, index) => ({
      ...line,
      id: `item_${index}`,
      includesTax,
      allowsDiscounts: true,
      adjustments: [{ amount: discount, discountId: null }],
    })),
    shippingMethods: [{ id: "sm_1", price: shipping, includesTax, rates: [20] }],
    discounts: [],
    giftCards: [card],
    giftCardsTaxable,
  });
  const { whole } = totals;
  const tax_total = whole.tax_total - whole.gift_card_tax_total;
  const paid = { paid_total: 0, refunded_total: 0, refundable_amount: 0 };
  const order = { ...totals, whole: { ...whole, tax_total, ...paid } };
  return { rows: orderSummary(order, includesTax), total: whole.total };
}

type Example = typeof anOrder extends fc.Arbitrary<infer E> ? E : never;

it("adds up to the total, to the smallest unit", () => {
  fc.assert(
    fc.property(anOrder, (example) => {
      const { rows, total } = summaryOf(example);
      const at = rows.findIndex(({ kind }) => kind === "total");
      const sum = rows.slice(0, at).reduce((before, { amount }) => before + amount, 0);
      expect([rows[at]!.amount, sum]).toEqual([total, total]);
    }),
    { numRuns: 500 },
  );
});

it("names no discount where there is none", () => {
  fc.assert(
    fc.property(anOrder, (example) => {
      const lines = example.lines.map((line) => ({ ...line, discount: 0 }));
      const { rows } = summaryOf({ ...example, lines });
      expect(rows.map(({ kind }) => kind)).not.toContain("discounts");
    }),
    { numRuns: 500 },
  );
});

it("shows the tax within prices that include it below the total, and else above", () => {
  const line = { unitPrice: 1200, quantity: 1, rates: [20], discount: 200 };
  const card = { balance: 100, rate: null };
  const order = { lines: [line], shipping: 600, card, giftCardsTaxable: false };
  expect(summaryOf({ ...order, includesTax: true }).rows).toEqual([
    { kind: "items", amount: 1200 },
    { kind: "discounts", amount: -240 },
    { kind: "shipping", amount: 600 },
    { kind: "gift_cards", amount: -100 },
    { kind: "total", amount: 1460 },
    { kind: "included_tax", amount: 260 },
  ]);
  expect(summaryOf({ ...order, includesTax: false }).rows).toEqual([
    { kind: "items", amount: 1200 },
    { kind: "discounts", amount: -200 },
    { kind: "shipping", amount: 600 },
    { kind: "tax", amount: 320 },
    { kind: "gift_cards", amount: -100 },
    { kind: "total", amount: 1820 },
  ]);
});
