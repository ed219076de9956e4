import { describe, expect, it } from "vitest";
import type { Line } from "./line-totals.ts";
import type { ShippingMethod } from "./shipping-totals.ts";
import { type AllTotals, type Priced, paidTotals, totalsOf } from "./totals.ts";

const DISCOUNT = { id: "disc", type: "fixed" };
const FREE_SHIPPING = { id: "free", type: "free_shipping" };

interface LineWish extends Partial<Line> {
  /** The adjustment of the active discount. */
  readonly off?: number;
}

const line = (
  unitPrice: number,
  quantity: number,
  rates: readonly number[],
  { off = 0, ...wish }: LineWish = {},
): Line => ({
  id: `${unitPrice}x${quantity}`,
  unitPrice,
  quantity,
  rates,
  includesTax: false,
  allowsDiscounts: true,
  adjustments: off ? [{ amount: off, discountId: DISCOUNT.id }] : [],
  ...wish,
});
const method = (price: number, rates: readonly number[], includesTax = false): ShippingMethod => ({
  id: `${price}`,
  price,
  rates,
  includesTax,
});
const priced = (wish: Partial<Priced>): Priced => ({
  lines: [],
  shippingMethods: [],
  discounts: [],
  giftCards: [],
  giftCardsTaxable: true,
  ...wish,
});

/** Subtotal, discount, shipping, item tax, shipping tax, tax, gift cards, their tax, total. */
const row = ({ whole }: AllTotals) => [
  whole.subtotal,
  whole.discount_total,
  whole.shipping_total,
  whole.item_tax_total,
  whole.shipping_tax_total,
  whole.tax_total,
  whole.gift_card_total,
  whole.gift_card_tax_total,
  whole.total,
];

const cases: [string, Partial<Priced>, number[]][] = [
  ["nothing", {}, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    "a fixed discount over three rates, with shipping",
    {
      lines: [
        line(4720, 1, [19], { off: 270.67324234430555 }),
        line(1500, 2, [12.5], { off: 172.03807776121116 }),
        line(999, 1, [7], { off: 57.28867989448331 }),
      ],
      shippingMethods: [method(590, [10])],
      discounts: [DISCOUNT],
    },
    [8719, 500, 590, 1264, 59, 1323, 0, 0, 10132],
  ],
  [
    "a percentage beside free shipping, whose method is stored at 0",
    {
      lines: [line(24900, 1, [19], { off: 2490 }), line(4720, 2, [19], { off: 944 })],
      shippingMethods: [method(0, [10])],
      discounts: [DISCOUNT, FREE_SHIPPING],
    },
    [34340, 3434, 0, 5872, 0, 5872, 0, 0, 36778],
  ],
  [
    "prices with tax in them",
    {
      lines: [
        line(44900, 3, [25], { includesTax: true }),
        line(14900, 1, [25], { includesTax: true }),
      ],
      shippingMethods: [method(4900, [25], true)],
    },
    [119680, 0, 3920, 29920, 980, 30900, 0, 0, 154500],
  ],
  [
    "prices with tax in them and a discount, shipping without",
    {
      lines: [
        line(44900, 3, [25], { includesTax: true, off: 10776 }),
        line(14900, 1, [25], { includesTax: true, off: 1192 }),
      ],
      shippingMethods: [method(2900, [25])],
      discounts: [DISCOUNT],
    },
    [119680, 11968, 2900, 26928, 725, 27653, 0, 0, 138265],
  ],
  [
    "a currency without decimals",
    {
      lines: [line(8900, 2, [10], { off: 1780 }), line(2200, 5, [10], { off: 1100 })],
      discounts: [DISCOUNT],
    },
    [28800, 2880, 0, 2592, 0, 2592, 0, 0, 28512],
  ],
  [
    "a taxed gift card that pays part of the amount",
    { lines: [line(4720, 2, [19]), line(4550, 1, [19])], giftCards: [{ balance: 1234, rate: 19 }] },
    [13990, 0, 0, 2659, 0, 2659, 1234, 234, 15181],
  ],
  [
    "two taxed gift cards that pay all except a cent of rounding",
    {
      lines: [line(4720, 2, [19]), line(4550, 1, [19])],
      giftCards: [
        { balance: 1234, rate: 19 },
        { balance: 100_000, rate: 19 },
      ],
    },
    [13990, 0, 0, 2659, 0, 2659, 13990, 2658, 1],
  ],
  [
    "an untaxed gift card, which also pays tax",
    {
      lines: [line(1000, 1, [10])],
      shippingMethods: [method(100, [10])],
      giftCards: [{ balance: 5000, rate: null }],
      giftCardsTaxable: false,
    },
    [1000, 0, 100, 100, 10, 110, 1210, 0, 0],
  ],
  [
    "a gift card of a higher rate than the goods: not negative",
    { lines: [line(1000, 1, [5])], giftCards: [{ balance: 5000, rate: 25 }] },
    [1000, 0, 0, 50, 0, 50, 1000, 50, 0],
  ],
  [
    "a gift card that has paid more tax than there is: it pays no goods with it",
    {
      lines: [line(9440, 1, [19])],
      shippingMethods: [method(590, [10])],
      giftCards: [{ balance: 10_000, rate: 19 }],
    },
    [9440, 0, 590, 1794, 59, 1853, 10_000, 1853, 30],
  ],
  [
    "payments by gift cards instead of the cards",
    {
      lines: [line(1000, 1, [19])],
      giftCards: [{ balance: 5000, rate: 19 }],
      giftCardPayments: [{ amount: 400, rate: 19 }],
    },
    [1000, 0, 0, 190, 0, 190, 400, 76, 714],
  ],
  [
    "a swap's cart whose return line costs more",
    {
      lines: [
        line(1900, 1, [19]),
        line(390, 1, [19], { allowsDiscounts: false }),
        line(-4720, 2, [19]),
      ],
    },
    [-7150, 0, 0, -1359, 0, -1359, 0, 0, -8509],
  ],
  [
    "an even swap at a rate that rounds half up both ways",
    { lines: [line(1500, 1, [12.5]), line(-1500, 1, [12.5])] },
    [0, 0, 0, 1, 0, 1, 0, 0, 1],
  ],
  [
    "a gift card pays nothing of a negative amount",
    { lines: [line(-1000, 1, [])], giftCards: [{ balance: 500, rate: 19 }] },
    [-1000, 0, 0, 0, 0, 0, 0, 0, -1000],
  ],
  [
    "a single rate from before tax lines",
    {
      lines: [line(1000, 2, [], { off: 200 })],
      shippingMethods: [method(500, [])],
      discounts: [DISCOUNT],
      legacyTaxRate: 25,
    },
    [2000, 200, 500, 450, 125, 575, 0, 0, 2875],
  ],
];

describe("totals of", () => {
  it.each(cases)("%s", (_, parts, expected) => {
    expect(row(totalsOf(priced(parts)))).toEqual(expected);
  });

  it("payments and refunds", () => {
    expect(paidTotals([20874, 100], [500])).toEqual({
      paid_total: 20974,
      refunded_total: 500,
      refundable_amount: 20474,
    });
    expect(paidTotals([], [])).toEqual({ paid_total: 0, refunded_total: 0, refundable_amount: 0 });
  });
});
