import { beforeAll, describe, expect, it } from "vitest";
import { aDiscount, aProduct, aRegion, aShippedOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** A code was granted with the order: a swap gives no more of it than what comes back. */
describe("the discounts of a swap", () => {
  const shop = openShop();
  let regionId: string;
  let same: string;
  let dearer: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { tax_rate: 0, countries: ["de"] })).id;
    const at = async (amount: number) =>
      (await aProduct(shop.knex, { variants: [{ prices: [{ amount }], inventory_quantity: 99 }] }))
        .variants[0]!.id;
    same = await at(1000);
    dearer = await at(3000);
  });

  /** An order of five pieces at 10.00, five euros (or ten percent) off them. */
  async function aSoldOrder(code: Record<string, unknown> & { code: string }) {
    const discount = await aDiscount(shop.knex, { regions: [regionId], ...code });
    const order = await aShippedOrder(shop.knex, {
      region_id: regionId,
      discounts: [discount.id],
      shipping: null,
      paid: [4500],
      lines: [
        {
          unit_price: 1000,
          quantity: 5,
          rates: [],
          variant_id: same,
          adjustments: [{ amount: 500, discount_id: discount.id }],
        },
      ],
    });
    return { orderId: order.id, lineId: order.lines[0]!, discountId: discount.id };
  }
  type Sold = Awaited<ReturnType<typeof aSoldOrder>>;
  async function swapFor({ orderId, lineId }: Sold, back: number, instead: object[]) {
    const { status, body, text } = await shop.post("/store/swaps", {
      order_id: orderId,
      return_items: [{ item_id: lineId, quantity: back }],
      additional_items: instead,
    });
    expect(status, text).toBe(200);
    return (await shop.get(`/store/carts/${body.swap.cart_id}`)).body.cart;
  }
  const units = (variant_id: string, quantity: number) => [{ variant_id, quantity }];

  it("give a fixed amount no second time, however often the same is swapped", async () => {
    const fixed = { type: "fixed", value: 500 } as const;
    const total = await aSoldOrder({ code: "FIVEOFF", ...fixed });
    for (let unit = 0; unit < 5; unit++) {
      const cart = await swapFor(total, 1, units(same, 1));
      expect(cart).toMatchObject({ total: 0 });
      expect((await shop.post(`/store/carts/${cart.id}/complete`)).body.type).toBe("swap");
    }
    const each = await aSoldOrder({ code: "EACHOFF", ...fixed, value: 100, allocation: "item" });
    expect((await swapFor(each, 1, units(same, 1))).total).toBe(0);
    expect((await swapFor(each, 1, units(same, 3))).total).toBe(2000);
    expect((await swapFor(each, 2, units(dearer, 1))).total).toBe(3000 - 1800 - 100);
  });

  it.each([
    [999, 19, false, undefined],
    [1005, 10, false, "percentage"],
    [333, 19, true, "percentage"],
    [4490, 19, true, "fixed"],
    [501, 7, false, "fixed"],
  ] as const)(
    "leave nothing to pay for the same goods (price %s, rate %s, gross %s, code %s)",
    async (amount, tax_rate, includes_tax, type) => {
      const region = await aRegion(shop.knex, { tax_rate, includes_tax, countries: ["dk"] });
      const price = { amount, region_id: region.id };
      const product = await aProduct(shop.knex, { variants: [{ prices: [price] }] });
      const variant_id = product.variants[0]!.id;
      const { body } = await shop.post("/store/carts", {
        region_id: region.id,
        items: units(variant_id, 3),
      });
      const path = `/store/carts/${body.cart.id}`;
      const code = await aDiscount(shop.knex, { type, value: 7, regions: [region.id] });
      const discounts = type ? [{ code: code.code }] : [];
      await shop.post(path, { email: "gro@example.com", discounts });
      await shop.post(`${path}/payment-sessions`);
      const { data: order } = (await shop.post(`${path}/complete`)).body;
      const sold = { payment_status: "captured", fulfillment_status: "shipped" };
      await shop.knex("order").where({ id: order.id }).update(sold);
      await shop.knex("line_item").where({ order_id: order.id }).update({ shipped_quantity: 3 });
      const of = { orderId: order.id, lineId: order.items[0].id, discountId: code.id };
      const cart = await swapFor(of, 3, units(variant_id, 3));
      expect(cart).toMatchObject({ tax_total: 0, total: 0 });
      const totals = cart.items.map(({ total }: { total: number }) => Math.abs(total));
      expect(totals[0]).toBe(totals[1]);
    },
  );

  it("stay with a line that is changed in the swap's cart", async () => {
    const sold = await aSoldOrder({ code: "FIVEMORE", type: "fixed", value: 500 });
    const cart = await swapFor(sold, 2, units(same, 1));
    const line = cart.items.find(({ is_return }: { is_return: boolean }) => !is_return);
    expect(cart.total).toBe(1000 - 200 - 1800);
    const { body } = await shop.post(`/store/carts/${cart.id}/line-items/${line.id}`, {
      quantity: 4,
    });
    expect(body.cart.total).toBe(4000 - 200 - 1800);
  });

  it.each<[string, Record<string, unknown>]>([
    ["has ended", { ends_at: new Date("2021-01-01") }],
    ["is used up", { usage_limit: 1, usage_count: 1 }],
    ["was disabled", { is_disabled: true }],
  ])(
    "leave out a code that %s, and keep what it took off the returned goods",
    async (_, columns) => {
      const sold = await aSoldOrder({ code: `GONE${Object.keys(columns)[0]}`.toUpperCase() });
      await shop.knex("discount").where({ id: sold.discountId }).update(columns);
      const cart = await swapFor(sold, 1, units(same, 1));
      expect(cart).toMatchObject({ discounts: [], total: 1000 - 900 });
      const path = `/store/carts/${cart.id}`;
      await shop.post(`${path}/payment-sessions`);
      expect((await shop.post(`${path}/complete`)).body).toMatchObject({
        type: "swap",
        data: { difference_due: 100 },
      });
    },
  );

  it("are not completed with a code that ended meanwhile", async () => {
    const sold = await aSoldOrder({ code: "SWAPTEN" });
    const cart = await swapFor(sold, 1, units(dearer, 1));
    expect(cart.total).toBe(2700 - 900);
    const path = `/store/carts/${cart.id}`;
    await shop.post(`${path}/payment-sessions`);
    await shop.knex("discount").where({ id: sold.discountId }).update({ is_disabled: true });
    expect(await shop.post(`${path}/complete`)).toBeRefused(400, { type: "not_allowed" });
    const { body } = await shop.post(`${path}/payment-sessions`);
    expect(body.cart).toMatchObject({ discounts: [], total: 3000 - 900 });
    expect((await shop.post(`${path}/complete`)).body.type).toBe("swap");
  });

  it("sells no draft and nothing of another channel", async () => {
    const sold = await aSoldOrder({ code: "DRAFTS" });
    for (const attributes of [{ status: "draft" }, { channels: [] }]) {
      const variant = (await aProduct(shop.knex, attributes)).variants[0]!.id;
      expect(
        await shop.post("/store/swaps", {
          order_id: sold.orderId,
          return_items: [{ item_id: sold.lineId, quantity: 1 }],
          additional_items: units(variant, 1),
        }),
      ).toBeRefused(400, { type: "invalid_data" });
    }
  });

  it.each<[string, Record<string, unknown>, number]>([
    ["a fixed amount", { type: "fixed", value: 500 }, 2500],
    ["a percentage", { value: 50 }, 1500],
    ["a fixed amount for each piece", { type: "fixed", value: 700, allocation: "item" }, 2300],
  ])(
    "include a code that is added to a swap: %s; what comes back is what was paid",
    async (_, columns, paid) => {
      const sold = await aSoldOrder({ code: `OLD${paid}` });
      await aDiscount(shop.knex, { code: `NEW${paid}`, regions: [regionId], ...columns });
      const { id } = await swapFor(sold, 1, units(dearer, 1));
      const path = `/store/carts/${id}`;
      const { body } = await shop.post(path, { discounts: [{ code: `NEW${paid}` }] });
      expect(body.cart).toMatchObject({ discount_total: 3000 - paid - 100, total: paid - 900 });
      await shop.post(`${path}/payment-sessions`);
      expect((await shop.post(`${path}/complete`)).body.type).toBe("swap");

      const line = await shop.knex("line_item").where({ cart_id: id, is_return: false }).first();
      await shop.knex("line_item").where({ id: line.id }).update({ shipped_quantity: 1 });
      const cart_id = `of_${sold.orderId}`;
      await shop.knex("cart").insert({ id: cart_id, region_id: regionId, type: "default" });
      await shop.knex("order").where({ id: sold.orderId }).update({ cart_id });
      const { order } = (await shop.get(`/store/orders/cart/${cart_id}`)).body;
      expect(order.swaps[0].additional_items[0].refundable).toBe(paid);
      const again = await swapFor({ ...sold, lineId: line.id }, 1, units(dearer, 1));
      const returned = again.items.find(({ is_return }: { is_return: boolean }) => is_return);
      expect(returned.total).toBe(0 - paid);
      const answer = await shop.post("/store/returns", {
        order_id: sold.orderId,
        items: [{ item_id: line.id, quantity: 1 }],
      });
      expect(answer.body.return.refund_amount).toBe(paid);
    },
  );
});
