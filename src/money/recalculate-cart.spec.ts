import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Price } from "./choose-price.ts";
import { type CartLine, type CartToRecalculate, recalculateCart } from "./recalculate-cart.ts";

const price = (amount: number, wish: Partial<Price> = {}): Price => ({
  amount,
  currencyCode: "eur",
  regionId: null,
  minQuantity: null,
  maxQuantity: null,
  currencyIncludesTax: false,
  regionIncludesTax: false,
  list: null,
  ...wish,
});

let made = 0;
const line = (wish: Partial<CartLine> = {}): CartLine => ({
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
});

const method = { id: "sm_1", price: 500, fullPrice: 500, includesTax: false, rates: [10] };
const ten = { id: "disc_ten", type: "percentage", value: 10, allocation: "total" };
const free = { id: "disc_free", type: "free_shipping", value: 0, allocation: null };

const cart = (wish: Partial<CartToRecalculate> = {}): CartToRecalculate => ({
  lines: [line()],
  shippingMethods: [],
  discounts: [],
  giftCards: [],
  giftCardsTaxable: true,
  region: { id: "reg_eu", currencyCode: "eur", automaticTaxes: true },
  groupIds: new Set(),
  toRecalculate: { adjustments: true, shippingPrices: undefined },
  unpriced: "drop",
  now: new Date("2026-06-15T12:00:00Z"),
  ...wish,
});

describe("a cart after a change", () => {
  it("prices only the requested lines, each for its quantity", () => {
    const prices = [price(1000), price(800, { minQuantity: 5 })];
    const lines = [
      line(),
      line({ prices, quantity: 4 }),
      line({ prices, quantity: 5 }),
      line({ prices, pricedQuantity: 5 }),
    ];
    expect(recalculateCart(cart({ lines })).lines.map((each) => each.price?.amount)).toEqual([
      1000, 1000, 800, 800,
    ]);
  });

  it("drops a line without a price, or keeps it at its old price", () => {
    const lines = [line({ prices: [price(700, { currencyCode: "usd" })] }), line()];
    const dropped = recalculateCart(cart({ lines }));
    expect(dropped.lines[0]?.price).toBeNull();
    expect(dropped.due).toBe(1190);
    expect(recalculateCart(cart({ lines, unpriced: "keep" }))).toMatchObject({
      lines: [{ price: { amount: 1000 } }, {}],
      due: 2380,
    });
  });

  it("calculates discounts from the new prices", () => {
    const result = recalculateCart(
      cart({ lines: [line({ prices: [price(2000)] })], discounts: [ten] }),
    );
    expect(result).toMatchObject({ lines: [{ adjustments: [{ amount: 200 }] }], due: 2142 });
  });

  it("keeps adjustments while lines and codes stay the same", () => {
    const adjustments = [{ amount: 50, discountId: "disc_ten" }];
    const toRecalculate = { adjustments: false, shippingPrices: undefined };
    expect(
      recalculateCart(cart({ lines: [line({ adjustments })], discounts: [ten], toRecalculate }))
        .lines[0]?.adjustments,
    ).toEqual(adjustments);
  });

  it.each([
    [undefined, [free], 300, 300],
    ["discounted" as const, [free], 300, 0],
    ["discounted" as const, [ten], 0, 500],
    ["full" as const, [free], 0, 500],
  ])("recalculates shipping prices (%s)", (shippingPrices, discounts, before, after) => {
    const shippingMethods = [{ ...method, price: before }];
    const result = recalculateCart(
      cart({ shippingMethods, discounts, toRecalculate: { adjustments: true, shippingPrices } }),
    );
    expect(result.shippingPrices).toEqual([after]);
  });

  it("subtracts gift cards and their tax from the amount due", () => {
    const giftCards = [{ balance: 400, rate: 19 }];
    expect(recalculateCart(cart({ giftCards, shippingMethods: [method] })).due).toBe(
      1190 + 550 - 400 - 76,
    );
  });
});

const anyCart = fc
  .record({
    lines: fc.array(
      fc.record({
        unitPrice: fc.nat(100_000),
        quantity: fc.integer({ min: 1, max: 99 }),
        includesTax: fc.boolean(),
        allowsDiscounts: fc.boolean(),
        rates: fc.array(fc.constantFrom(0, 7, 12.5, 19, 25), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    discounts: fc.subarray([
      ten,
      free,
      { id: "disc_five", type: "fixed", value: 500, allocation: "total" },
    ]),
    giftCards: fc.array(
      fc.record({ balance: fc.nat(1_000_000), rate: fc.constantFrom(null, 7, 19, 25) }),
      { maxLength: 3 },
    ),
    giftCardsTaxable: fc.boolean(),
    shipping: fc.nat(5000),
  })
  .map(({ lines, shipping, ...others }) =>
    cart({
      ...others,
      lines: lines.map(line),
      shippingMethods: [{ ...method, price: shipping, fullPrice: shipping }],
    }),
  );

describe("for any cart", () => {
  it("has no negative amount", () => {
    fc.assert(
      fc.property(anyCart, (any) => {
        const { due, shippingPrices, lines } = recalculateCart(any);
        for (const amount of [
          due,
          ...shippingPrices,
          ...lines.map((each) => each.price?.amount ?? 0),
        ])
          expect(amount).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("does not depend on the order of the lines", () => {
    fc.assert(
      fc.property(anyCart, (any) => {
        expect(recalculateCart({ ...any, lines: any.lines.toReversed() }).due).toBe(
          recalculateCart(any).due,
        );
      }),
    );
  });

  it("stays the same when recalculated again", () => {
    fc.assert(
      fc.property(anyCart, (any) => {
        const once = recalculateCart(any);
        const again = recalculateCart({
          ...any,
          lines: any.lines.map((each, index) => ({
            ...each,
            adjustments: once.lines[index]!.adjustments,
          })),
          shippingMethods: any.shippingMethods.map((each, index) => ({
            ...each,
            price: once.shippingPrices[index]!,
          })),
        });
        expect(again).toEqual(once);
      }),
    );
  });
});
