import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { setPaymentSessions } from "../payment-collections/a-payment-collection.ts";
import {
  aDiscount,
  aGiftCard,
  anOrderEdit,
  aProduct,
  aRegion,
  fillCart,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

interface Line {
  readonly id: string;
  readonly quantity: number;
  readonly returned_quantity: number | null;
  readonly total: number;
}

interface Order {
  readonly id: string;
  readonly region_id: string;
  readonly customer_id: string;
  readonly total: number;
  readonly paid_total: number;
  readonly gift_card_total: number;
  readonly gift_card_tax_total: number;
  readonly items: readonly Line[];
}

const anyIndex = fc.nat(99);
const units = fc.integer({ min: 1, max: 3 });
const anyStep = fc.oneof(
  fc.record({ do: fc.constant("return" as const), line: anyIndex, units }),
  fc.record({
    do: fc.constant("swap" as const),
    line: anyIndex,
    units,
    variant: anyIndex,
    taken: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    do: fc.constant("edit" as const),
    price: fc.integer({ min: 1, max: 5000 }),
    rate: fc.constantFrom(0, 10, 19),
    isDeclined: fc.boolean(),
    isPaidInParts: fc.boolean(),
  }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

/** What was charged after an order was placed, and what it was given back or is to be. */
interface Books {
  /** By edits and swaps. */
  charged: number;
  /** By returns, and credited by swaps. */
  givenBack: number;
  swaps: number;
  /** By the id of the line. */
  readonly returned: Map<string, number>;
  /** The kinds of steps that were not refused. */
  readonly steps: Set<Step["do"]>;
}

/** Whatever happens to an order after it was placed: its money adds up, and nothing is negative. */
describe("any history of an order", () => {
  const shop = openShop({ settings: { LOG_LEVEL: "silent" } });
  const codes = ["TEN", "FIVE", "EACH"];
  const regions: string[] = [];
  const variants: string[] = [];
  beforeAll(async () => {
    const kinds = [
      { currency_code: "eur", tax_rate: 19, includes_tax: false },
      { currency_code: "dkk", tax_rate: 25, includes_tax: true },
      { currency_code: "jpy", tax_rate: 10, includes_tax: false },
    ];
    await shop.knex("currency").where({ code: "dkk" }).update({ includes_tax: true });
    for (const kind of kinds)
      regions.push(
        (await aRegion(shop.knex, { ...kind, payment_providers: ["manual"], countries: [] })).id,
      );
    for (const amount of [999, 1501, 333]) {
      const prices = kinds.map(({ currency_code }) => ({ amount, currency_code }));
      const variant = { prices, inventory_quantity: 1_000_000 };
      variants.push((await aProduct(shop.knex, { variants: [variant] })).variants[0]!.id);
    }
    await aDiscount(shop.knex, { code: "TEN", regions });
    await aDiscount(shop.knex, { code: "FIVE", type: "fixed", value: 500, regions });
    const each = { type: "fixed", value: 7, allocation: "item" } as const;
    await aDiscount(shop.knex, { code: "EACH", ...each, regions });
  });

  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
  const read = async (id: string): Promise<Order> =>
    (await shop.get(`/store/orders/${id}`)).body.order;

  function mustHaveNoNegativeSum(shown: object): void {
    for (const [name, value] of Object.entries(shown))
      if (/total|amount/.test(name)) expect(value, name).toBeGreaterThanOrEqual(0);
  }

  /** Returns what the payments of an order, a swap or a collection hold. */
  async function sumOfPayments(of: object): Promise<number> {
    const live = shop.knex("payment").where(of).where({ canceled_at: null });
    const payments: { amount: number; amount_refunded: number }[] = await live;
    for (const { amount } of payments) expect(amount).toBeGreaterThan(0);
    return payments.reduce((sum, one) => sum + one.amount - one.amount_refunded, 0);
  }

  /** Places an order, pays it and sends it. */
  async function place(region: number, quantity: number, code: number, hasCard: boolean) {
    const regionId = pick(regions, region);
    const card = hasCard && (await aGiftCard(shop.knex, { region_id: regionId, balance: 700 }));
    const discounts = code < codes.length ? [codes[code]!] : [];
    const giftCards = card ? [card["code"] as string] : [];
    const setup = { regionId, variantId: pick(variants, quantity) };
    const cart = await fillCart(shop, setup, { quantity, discounts, giftCards });
    expect(cart.payment_session?.amount ?? 0).toBe(cart.total);
    const { body } = await shop.post(`/store/carts/${cart.id}/complete`);
    const { id } = body.data;
    expect(body.data.total).toBe(cart.total);
    await shop.knex("payment").where({ order_id: id }).update({ captured_at: new Date() });
    const done = { payment_status: "captured", fulfillment_status: "shipped" };
    await shop.knex("order").where({ id }).update(done);
    await shop.knex("line_item").where({ order_id: id }).update({ shipped_quantity: quantity });
    return read(id);
  }

  /** Takes one step, which may be refused. */
  async function take(id: string, step: Step, books: Books): Promise<void> {
    const order = await read(id);
    if (step.do === "edit") return edit(order, step, books);
    const line = pick(order.items, step.line);
    const items = [{ item_id: line.id, quantity: step.units }];
    const remaining = line.quantity - (books.returned.get(line.id) ?? 0);
    const back =
      step.do === "return"
        ? await returnItems(order, items)
        : await swap(order, items, step, books);
    if (back === undefined) return;
    books.steps.add(step.do);
    expect(step.units, "more units than were bought").toBeLessThanOrEqual(remaining);
    books.givenBack += back;
    books.returned.set(line.id, (books.returned.get(line.id) ?? 0) + step.units);
  }

  async function returnItems(order: Order, items: object): Promise<number | undefined> {
    const { status, body } = await shop.post("/store/returns", { order_id: order.id, items });
    if (status !== 200) return undefined;
    mustHaveNoNegativeSum(body.return);
    return body.return.refund_amount;
  }

  /** Returns what is credited for the returned items. */
  async function swap(
    order: Order,
    return_items: object,
    { variant, taken }: Extract<Step, { do: "swap" }>,
    books: Books,
  ): Promise<number | undefined> {
    const additional_items = [{ variant_id: pick(variants, variant), quantity: taken }];
    const request = { order_id: order.id, return_items, additional_items };
    const { status, body } = await shop.post("/store/swaps", request);
    if (status !== 200) return undefined;
    const path = `/store/carts/${body.swap.cart_id}`;
    await shop.post(`${path}/payment-sessions`);
    const { cart } = (await shop.get(path)).body;
    const credit = -cart.items
      .filter(({ is_return }: { is_return: boolean }) => is_return)
      .reduce((sum: number, { total }: Line) => sum + total, 0);
    const completed = await shop.post(`${path}/complete`);
    if (completed.status !== 200) return undefined;
    expect(completed.body.data.difference_due).toBe(cart.total);
    const charged = await sumOfPayments({ swap_id: body.swap.id });
    expect(charged).toBe(Math.max(0, cart.total));
    books.charged += charged;
    books.swaps++;
    return credit;
  }

  async function authorize(path: string, parts: readonly number[]): Promise<void> {
    if (parts.every((part) => part <= 0)) return;
    const session_ids = await setPaymentSessions(shop, path, parts, "manual");
    const answer = await shop.post(`${path}/sessions/batch/authorize`, { session_ids });
    expect(answer.status, answer.text).toBe(200);
  }

  async function sumOfCollection(id: string): Promise<number> {
    const links = shop.knex("payment_collection_payments").where({ payment_collection_id: id });
    let sum = 0;
    for (const payment of await links.pluck("payment_id"))
      sum += await sumOfPayments({ id: payment });
    return sum;
  }

  async function edit(
    order: Order,
    { price, rate, isDeclined, isPaidInParts }: Extract<Step, { do: "edit" }>,
    books: Books,
  ): Promise<void> {
    const added = [{ unit_price: price, rates: [rate] }];
    const of = { ...order, lines: order.items.map(({ id }) => id) };
    const { id, collectionId } = await anOrderEdit(shop.knex, { of, added, due: 0 });
    const path = `/store/payment-collections/${collectionId}`;
    const { order_edit } = (await shop.get(`/store/order-edits/${id}`)).body;
    const due: number = order_edit.difference_due;
    expect(order_edit.total).toBe(order.total + due);
    await shop.knex("payment_collection").where({ id: collectionId }).update({ amount: due });
    expect((await shop.post(`/store/order-edits/${id}/complete`)).status).toBe(400);
    await authorize(path, isPaidInParts && due > 1 ? [1, due - 1] : [due]);
    const end = isDeclined ? "decline" : "complete";
    const { status } = await shop.post(
      `/store/order-edits/${id}/${end}`,
      isDeclined ? {} : undefined,
    );
    const after = await read(order.id);
    const isConfirmed = status === 200 && !isDeclined;
    const charged = isConfirmed ? Math.max(0, due) : 0;
    books.charged += charged;
    expect(after.total).toBe(isConfirmed ? order_edit.total : order.total);
    expect(after.paid_total).toBe(order.paid_total + charged);
    expect(await sumOfCollection(collectionId)).toBe(charged);
    if (!isConfirmed) return;
    books.steps.add("edit");
    for (const line of await shop.knex("line_item").where({ order_id: order.id }))
      books.returned.set(line.id, books.returned.get(line.original_item_id) ?? 0);
  }

  it("charges what was shown, and gives back no more than was paid", async () => {
    const steps: Books["steps"] = new Set();
    const check = async (
      region: number,
      [quantity, code, hasCard]: readonly [number, number, boolean],
      history: readonly Step[],
    ) => {
      const order = await place(region, quantity, code, hasCard);
      const books: Books = { charged: 0, givenBack: 0, swaps: 0, returned: new Map(), steps };
      for (const step of history) await take(order.id, step, books);
      const after = await read(order.id);
      mustHaveNoNegativeSum(after);
      const paid = order.paid_total + order.gift_card_total + order.gift_card_tax_total;
      // What comes back in a swap is rounded for each swap.
      expect(books.givenBack).toBeLessThanOrEqual(paid + books.charged + books.swaps);
      expect(await sumOfPayments({ order_id: order.id })).toBe(order.paid_total + books.charged);
    };
    const start = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.boolean());
    const added = { price: 1847, rate: 10, isDeclined: false, isPaidInParts: false } as const;
    const returnedBeforeAnEdit: Step[] = [
      { do: "return", line: 0, units: 2 },
      { do: "edit", ...added },
      { do: "swap", line: 0, units: 2, variant: 0, taken: 1 },
      { do: "swap", line: 1, units: 2, variant: 0, taken: 1 },
    ];
    const anyHistory = fc.array(anyStep, { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(fc.nat(2), start, anyHistory, check), {
      numRuns: 30,
      examples: [[0, [3, 4, false], returnedBeforeAnEdit]],
      endOnFailure: true,
    });
    expect([...steps].toSorted()).toEqual(["edit", "return", "swap"]);
  }, 300_000);
});
