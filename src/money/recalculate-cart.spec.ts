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
  shippingPrices: undefined,
  now: new Date("2026-06-15T12:00:00Z"),
  ...wish,
});

describe("a cart after a change", () => {
  it("prices each line for the quantity of its variant, unless its price was set by hand", () => {
    const prices = [price(1000), price(800, { minQuantity: 5 })];
    const unitPrices = (...lines: CartLine[]) =>
      recalculateCart(cart({ lines })).lines.map((each) => each.price?.amount);
    expect(unitPrices(line({ unitPrice: 900 }), line({ prices, quantity: 4 }))).toEqual([
      900, 1000,
    ]);
    expect(unitPrices(line({ prices, quantity: 5 }))).toEqual([800]);
    const [one, two] = [
      { prices, variantId: "variant_1" },
      { prices, variantId: "variant_2" },
    ];
    expect(
      unitPrices(line({ ...one, quantity: 1 }), line({ ...two }), line({ ...one, quantity: 4 })),
    ).toEqual([800, 1000, 800]);
    expect(
      unitPrices(line({ ...one }), line({ variantId: "variant_1", quantity: 9, unitPrice: 1 })),
    ).toEqual([1000, 1]);
  });

  it("drops a line that needs a price and has none, or keeps it at its old price", () => {
    const prices = [price(700, { currencyCode: "usd" })];
    const dropped = recalculateCart(cart({ lines: [line({ prices, needsPrice: true }), line()] }));
    expect(dropped.lines[0]?.price).toBeNull();
    expect(dropped.due).toBe(1190);
    expect(recalculateCart(cart({ lines: [line({ prices }), line()] }))).toMatchObject({
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

  it.each([
    [undefined, [free], 300, 300],
    ["discounted" as const, [free], 300, 0],
    ["discounted" as const, [ten], 0, 500],
    ["full" as const, [free], 0, 500],
  ])("recalculates shipping prices (%s)", (shippingPrices, discounts, before, after) => {
    const shippingMethods = [{ ...method, price: before }];
    const result = recalculateCart(cart({ shippingMethods, discounts, shippingPrices }));
    expect(result.shippingPrices).toEqual([after]);
  });

  it("keeps a shipping price that was set by hand", () => {
    const shippingMethods = [{ ...method, price: 300, fullPrice: undefined }];
    expect(
      recalculateCart(cart({ shippingMethods, discounts: [free], shippingPrices: "discounted" })),
    ).toMatchObject({ shippingPrices: [300], due: 1190 });
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
