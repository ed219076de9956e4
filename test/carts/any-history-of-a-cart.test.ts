import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aDiscount,
  aGiftCard,
  aPriceList,
  aProduct,
  aRegion,
  aShippingOption,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

interface ShownLine {
  readonly id: string;
  readonly variant_id: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly discount_total: number;
  readonly total: number;
}

/** How many returns an order's goods come back in at most. */
const MAX_RETURNS = 6;

const anyIndex = fc.nat(99);
const anyChange = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant("add" as const),
      anyIndex,
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
    ),
  },
  fc.tuple(fc.constant("quantity" as const), anyIndex, fc.integer({ min: 0, max: 12 })),
  fc.tuple(fc.constant("remove" as const), anyIndex),
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant("codes" as const), fc.shuffledSubarray([0, 1, 2, 3, 4])),
  },
  fc.tuple(fc.constant("dropCode" as const), anyIndex),
  fc.tuple(fc.constant("region" as const), anyIndex),
  fc.tuple(fc.constant("look" as const)),
  fc.tuple(fc.constant("email" as const), anyIndex),
  fc.tuple(fc.constant("ship" as const)),
  fc.tuple(fc.constant("card" as const)),
  fc.tuple(fc.constant("price" as const), anyIndex, fc.integer({ min: 100, max: 3000 })),
  fc.tuple(fc.constant("disable" as const), anyIndex),
);
type Change = typeof anyChange extends fc.Arbitrary<infer C> ? C : never;

/** Whatever a cart went through: it costs what an equal cart costs, and money adds up after it. */
describe("any history of a cart", () => {
  const shop = openShop();
  const regions: string[] = [];
  const options = new Map<string, string>();
  const variants: string[] = [];
  const codes = ["TEN", "FIVE", "EACH", "SHIP", "VIP"];
  let ada: string;
  beforeAll(async () => {
    const kinds = [
      { currency_code: "eur", tax_rate: 19, includes_tax: false },
      { currency_code: "dkk", tax_rate: 25, includes_tax: true },
      { currency_code: "jpy", tax_rate: 10, includes_tax: false },
    ];
    await shop.knex("currency").where({ code: "dkk" }).update({ includes_tax: true });
    for (const kind of kinds) {
      const { id } = await aRegion(shop.knex, kind);
      regions.push(id);
      options.set(id, (await aShippingOption(shop.knex, { region_id: id, amount: 490 })).id);
    }
    ada = (await aCustomer(shop.knex)).id;
    const group = (await aCustomerGroup(shop.knex, { customers: [ada] })).id;
    const list = (await aPriceList(shop.knex, { customer_groups: [group] })).id;
    for (const amount of [999, 1501, 333]) {
      const prices = kinds.flatMap(({ currency_code }) => [
        { amount, currency_code },
        { amount: amount - 101, currency_code, min_quantity: 5 },
        { amount: amount - 202, currency_code, price_list_id: list },
      ]);
      const product = await aProduct(shop.knex, {
        variants: [{ prices, inventory_quantity: 1_000_000 }],
      });
      variants.push(product.variants[0]!.id);
    }
    const of = { regions };
    await aDiscount(shop.knex, { code: "TEN", ...of });
    await aDiscount(shop.knex, { code: "FIVE", type: "fixed", value: 500, ...of });
    await aDiscount(shop.knex, {
      code: "EACH",
      type: "fixed",
      value: 7,
      allocation: "item",
      ...of,
    });
    await aDiscount(shop.knex, { code: "SHIP", type: "free_shipping", value: 0, ...of });
    const conditions = [
      { type: "customer_groups" as const, operator: "in" as const, ids: [group] },
    ];
    await aDiscount(shop.knex, { code: "VIP", value: 33, conditions, ...of });
  });

  const post = async (path: string, body: object = {}, headers = {}) =>
    (await shop.post(path, body, headers)).body;
  const read = async (id: string) => (await shop.get(`/store/carts/${id}`)).body.cart;
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];
  const isAdas = (cart: { customer_id: string | null }) => cart.customer_id === ada;

  /** Makes one change, which may be refused. */
  async function apply(id: string, change: Change): Promise<void> {
    const path = `/store/carts/${id}`;
    const cart = await read(id);
    const headers = isAdas(cart) ? asCustomer(ada) : {};
    const line = (index: number) => pick<ShownLine>(cart.items, index)?.id ?? "none";
    switch (change[0]) {
      case "add": {
        const metadata = change[3] ? { engraved: true } : {};
        const variant_id = pick(variants, change[1]);
        await post(`${path}/line-items`, { variant_id, quantity: change[2], metadata }, headers);
        return;
      }
      case "quantity":
        await post(`${path}/line-items/${line(change[1])}`, { quantity: change[2] }, headers);
        return;
      case "remove":
        await shop.delete(`${path}/line-items/${line(change[1])}`, headers);
        return;
      case "codes":
        await post(
          path,
          { discounts: change[1].map((index) => ({ code: codes[index] })) },
          headers,
        );
        return;
      case "dropCode":
        await shop.delete(`${path}/discounts/${pick(codes, change[1])}`, headers);
        return;
      case "region":
        await post(path, { region_id: pick(regions, change[1]) }, headers);
        return;
      case "look":
        await shop.get(path, asCustomer(ada));
        return;
      case "email":
        await post(path, { email: `gro${change[1] % 3}@example.com` });
        return;
      case "ship":
        await post(`${path}/shipping-methods`, { option_id: options.get(cart.region_id) }, headers);
        return;
      case "card": {
        const card = await aGiftCard(shop.knex, {
          region_id: cart.region_id,
          balance: 700,
          tax_rate: 50,
        });
        await post(path, { gift_cards: [{ code: card["code"] }] }, headers);
        return;
      }
      case "price": {
        const variant_id = pick(variants, change[1]);
        const prices = shop.knex("product_variant_money_amount").where({ variant_id });
        await shop
          .knex("money_amount")
          .whereIn("id", prices.select("money_amount_id"))
          .where({ min_quantity: null, price_list_id: null })
          .update({ amount: change[2] });
        return;
      }
      case "disable":
        await shop
          .knex("discount")
          .where({ code: pick(codes, change[1]) })
          .update({ is_disabled: true });
    }
  }

  const sums = ["subtotal", "discount_total", "item_tax_total"] as const;
  const ofGoods = (cart: Record<string, unknown> & { items: ShownLine[] }) => ({
    ...Object.fromEntries(sums.map((name) => [name, cart[name]])),
    lines: cart.items
      .map((line) =>
        [line.variant_id, line.quantity, line.unit_price, line.discount_total, line.total].join(),
      )
      .toSorted(),
  });

  /** Creates the same cart in one request and posts its codes. */
  async function buildEqualCart(cart: {
    region_id: string;
    customer_id: string | null;
    items: ShownLine[];
    discounts: { code: string }[];
  }) {
    const headers = isAdas(cart) ? asCustomer(ada) : {};
    const items = cart.items.map(({ variant_id, quantity }) => ({ variant_id, quantity }));
    const { cart: made } = await post(
      "/store/carts",
      { region_id: cart.region_id, items },
      headers,
    );
    const discounts = cart.discounts.map(({ code }) => ({ code }));
    const answer = await shop.post(`/store/carts/${made.id}`, { discounts }, headers);
    // No code is kept that could not be posted now.
    expect(answer.status, answer.text).toBe(200);
    return answer.body.cart;
  }

  function mustHaveNoNegativeSum(shown: Record<string, unknown>) {
    for (const [name, value] of Object.entries(shown))
      if (/total|amount/.test(name)) expect(value, name).toBeGreaterThanOrEqual(0);
  }

  /**
   * Returns the order's goods in up to six returns of any lines and quantities. What comes back is
   * what was paid for them in money.
   */
  async function mustRefundWhatWasPaid(
    order: { id: string; items: ShownLine[] },
    parts: readonly number[],
  ) {
    const { paid_total, subtotal, discount_total, item_tax_total } = (
      await shop.get(`/store/orders/${order.id}`)
    ).body.order;
    const left = new Map(order.items.map((line) => [line.id, line.quantity]));
    let refunded = 0;
    for (let round = 0; round < MAX_RETURNS; round++) {
      const isLast = round === MAX_RETURNS - 1;
      const items = [...left]
        .map(([item_id, rest], index) => ({
          item_id,
          quantity: isLast ? rest : Math.min(rest, pick(parts, round + index) ?? rest),
        }))
        .filter(({ quantity }) => quantity > 0);
      if (items.length === 0) continue;
      const answer = await post("/store/returns", { order_id: order.id, items });
      expect(answer.return.refund_amount).toBeGreaterThanOrEqual(0);
      refunded += answer.return.refund_amount;
      for (const { item_id, quantity } of items) left.set(item_id, left.get(item_id)! - quantity);
    }
    expect([...left.values()].every((rest) => rest === 0)).toBe(true);
    expect(refunded).toBe(Math.min(subtotal - discount_total + item_tax_total, paid_total));
  }

  it("costs as much as an equal cart, in its totals, its payment and its refunds", async () => {
    const anyHistory = fc.array(anyChange, { minLength: 1, maxLength: 10 });
    const anyParts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 7 });
    const check = async (history: Change[], regionIndex: number, parts: number[]) => {
      await shop.knex("discount").update({ is_disabled: false });
      const start = { region_id: pick(regions, regionIndex) };
      const { cart: created } = await post("/store/carts", start);
      const path = `/store/carts/${created.id}`;
      for (const change of history) await apply(created.id, change);
      const headers = isAdas(await read(created.id)) ? asCustomer(ada) : {};
      await post(path, { context: { done: true } }, headers);
      const cart = await read(created.id);
      mustHaveNoNegativeSum(cart);
      expect(ofGoods(cart)).toEqual(ofGoods(await buildEqualCart(cart)));
      if (cart.items.length === 0) return;

      await post(path, { email: "gro@example.com" });
      if (cart.shipping_methods.length === 0)
        await post(`${path}/shipping-methods`, { option_id: options.get(cart.region_id) });
      await post(`${path}/payment-sessions`);
      const shown = await read(created.id);
      expect(shown.payment_session?.amount ?? 0).toBe(shown.total);
      const { data: order } = await post(`${path}/complete`);
      expect(order).toMatchObject({ object: "order", total: shown.total });
      mustHaveNoNegativeSum(order);
      const paid = order.payments.map(({ amount }: { amount: number }) => amount);
      expect(paid).toEqual(shown.total > 0 ? [shown.total] : []);
      await mustRefundWhatWasPaid(order, parts);
    };
    await fc.assert(fc.asyncProperty(anyHistory, anyIndex, anyParts, check), {
      numRuns: 25,
      endOnFailure: true,
    });
  }, 180_000);
});
