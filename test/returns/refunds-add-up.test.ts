import { describe, expect, it } from "vitest";
import {
  aDiscount,
  anOrder,
  aRegion,
  aShippingOption,
  type OrderAttributes,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** What comes back for all units of a line is what was paid for them, to the cent. */
describe("the refunds of an order", () => {
  const shop = openShop();

  const anOrderOf = (attributes: OrderAttributes) =>
    anOrder(shop.knex, { shipping: null, ...attributes });
  /** Returns quantities of lines, and gives what is to be refunded. */
  async function refund(
    order: { id: string; lines: string[] },
    quantities: readonly number[],
    shipping?: string,
  ): Promise<number> {
    const items = quantities.flatMap((quantity, index) =>
      quantity > 0 ? [{ item_id: order.lines[index], quantity }] : [],
    );
    const { status, body, text } = await shop.post("/store/returns", {
      order_id: order.id,
      items,
      ...(shipping ? { return_shipping: { option_id: shipping } } : {}),
    });
    expect(status, text).toBe(200);
    return body.return.refund_amount;
  }
  const shown = async (id: string) => (await shop.get(`/store/orders/${id}`)).body.order;
  /** A line with a discount, as a cart that was completed leaves it. */
  async function aDiscountedOrder(
    unit_price: number,
    quantity: number,
    off: number,
    more: { rates?: number[]; includes_tax?: boolean; currency_code?: string } = {},
  ) {
    const { rates = [20], includes_tax = false, currency_code = "eur" } = more;
    const discount = await aDiscount(shop.knex, { type: "fixed", value: Math.ceil(off) });
    const order = await anOrderOf({
      currency_code,
      discounts: [discount.id],
      paid: [10_000_000],
      lines: [
        {
          unit_price,
          quantity,
          rates,
          includes_tax,
          adjustments: [{ amount: off, discount_id: discount.id }],
        },
      ],
    });
    return { ...order, paid: (await shown(order.id)).items[0].total as number };
  }

  it.each<[number, number, number, number]>([
    [1000, 10, 499, 11401],
    [1000, 5, 500, 5400],
    [1000, 3, 1000, 2400],
    [700, 7, 333.33, 5480],
  ])("give all %i × %i less %i back as paid", async (price, quantity, off, paid) => {
    const whole = await aDiscountedOrder(price, quantity, off);
    expect(whole.paid).toBe(paid);
    expect((await shown(whole.id)).items[0].refundable).toBe(paid);
    expect(await refund(whole, [quantity])).toBe(paid);
    const parts = await aDiscountedOrder(price, quantity, off);
    let sum = 0;
    for (const part of [1, 1, quantity - 2]) sum += await refund(parts, [part]);
    expect(sum).toBe(paid);
  });

  it("add up with gross prices, yen, plugins' adjustments and several lines", async () => {
    const gross = await aDiscountedOrder(4490, 7, 1000, { rates: [19], includes_tax: true });
    const yen = await aDiscountedOrder(333, 3, 100, { rates: [10], currency_code: "jpy" });
    for (const [order, quantity] of [
      [gross, 7],
      [yen, 3],
    ] as const) {
      let sum = 0;
      for (let unit = 0; unit < quantity; unit++) sum += await refund(order, [1]);
      expect(sum).toBe(order.paid);
    }
    const order = await anOrderOf({
      paid: [100_000],
      lines: [
        { unit_price: 999, quantity: 3, adjustments: [{ amount: 100, discount_id: null }] },
        { unit_price: 501, quantity: 7, adjustments: [{ amount: 333.3, discount_id: null }] },
      ],
    });
    const { items } = await shown(order.id);
    const paid = items.reduce((sum: number, { total }: { total: number }) => sum + total, 0);
    expect((await refund(order, [1, 3])) + (await refund(order, [2, 4]))).toBe(paid);
  });

  it("are never below zero, however dear the way back is", async () => {
    const order = await anOrderOf({ lines: [{ unit_price: 100 }], paid: [119] });
    const option = await aShippingOption(shop.knex, {
      region_id: order.region_id,
      is_return: true,
      amount: 5000,
    });
    expect(await refund(order, [1], option.id)).toBe(0);
  });

  it("never exceed the payments, less gift cards and earlier refunds", async () => {
    const region_id = (await aRegion(shop.knex)).id;
    const lines = [{ unit_price: 1000, quantity: 4, rates: [] }];
    const byCard = await anOrderOf({ region_id, lines, paid: [] });
    expect(await refund(byCard, [4])).toBe(0);
    const partly = await anOrderOf({ region_id, lines, paid: [1500] });
    expect(await refund(partly, [1])).toBe(1000);
    expect(await refund(partly, [1])).toBe(500);
    expect(await refund(partly, [2])).toBe(0);
    const refunded = await anOrderOf({ region_id, lines, paid: [4000], refunded: [3500] });
    expect(await refund(refunded, [1])).toBe(500);
    const canceled = await anOrderOf({ region_id, lines, paid: [4000, 4000] });
    const [payment] = await shop.knex("payment").where({ order_id: canceled.id });
    await shop.knex("payment").where({ id: payment.id }).update({ canceled_at: new Date() });
    expect(await refund(canceled, [2])).toBe(2000);
    expect(await refund(canceled, [2])).toBe(2000);
  });
});
