import { describe, expect, it } from "vitest";
import { aFullCart, aTill, completed, type Till } from "./a-full-cart.ts";
import { aDiscount, aGiftCard, given } from "./admin-builders.ts";
import { onBoth } from "./on-both.ts";
import { openBoth } from "./open-both.ts";

/** Medusa's own subscribers hear of the orders that Nettle places. */
const shop = openBoth({ EVENTS_FOR_MEDUSA: "on" });

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();
const usesOf = async (id: string) => (await rowOf("discount", id)).usage_count;

const placedAt = async (server: "medusa" | "nettle", till: Till, codes: readonly string[]) => {
  const cart = await aFullCart(shop[server].store, till, { quantity: 1, codes });
  return completed(shop[server].store, cart.id);
};

/** Waits until Medusa has taken all events, and then has counted an order that was placed after them. */
async function untilMedusaHeard(till: Till) {
  const left = async () => (await shop.knex("staged_job")).length;
  await expect.poll(left, { timeout: 15_000 }).toBe(0);
  const bell = await aDiscount(shop.medusa.admin, till.regionId);
  await placedAt("medusa", till, [bell.code]);
  await expect.poll(() => usesOf(bell.id), { timeout: 15_000 }).toBe(1);
}

describe("a use of a discount counts once", () => {
  it("where orders come one after another", async () => {
    const till = await aTill(shop.medusa.admin);
    const { id, code } = await aDiscount(shop.medusa.admin, till.regionId);
    for (const server of ["nettle", "medusa", "nettle"] as const) {
      await placedAt(server, till, [code]);
      await untilMedusaHeard(till);
    }
    expect(await usesOf(id)).toBe(3);
  });

  it("where fourteen are placed at once and ten may be", async () => {
    const till = await aTill(shop.medusa.admin);
    const { id, code } = await aDiscount(shop.medusa.admin, till.regionId, { usage_limit: 10 });
    const carts = await Promise.all(Array.from({ length: 14 }, () => aFullCart(shop.nettle.store, till, { codes: [code] })));
    const answers = await Promise.all(carts.map((cart) => shop.nettle.store.post(`/store/carts/${cart.id}/complete`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    await untilMedusaHeard(till);
    expect(await usesOf(id)).toBe(10);
  });

  it("where both place orders at once, and none is lost", async () => {
    const till = await aTill(shop.medusa.admin);
    const { id, code } = await aDiscount(shop.medusa.admin, till.regionId, { usage_limit: 13 });
    await Promise.all(Array.from({ length: 12 }, (_, number) => placedAt(number % 2 ? "medusa" : "nettle", till, [code])));
    await untilMedusaHeard(till);
    expect(await usesOf(id)).toBeLessThanOrEqual(12);
    const [last, tooLate] = [
      await aFullCart(shop.nettle.store, till, { codes: [code] }),
      await aFullCart(shop.nettle.store, till, { codes: [code] }),
    ];
    await completed(shop.nettle.store, last.id);
    expect(await usesOf(id)).toBe(13);
    const refused = await shop.nettle.store.post(`/store/carts/${tooLate.id}/complete`);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(`Discount ${code} has been used maximum allowed times`);
  });
});

it("what else an order takes is taken once: pieces, money on a card, its draft", async () => {
  const { admin } = shop.medusa;
  const till = await aTill(admin);
  const card = await aGiftCard(admin, till.regionId, 700);
  const wish = { email: "desk@example.com", region_id: till.regionId, items: [{ variant_id: till.variantId, quantity: 1 }] };
  const draft = await given(
    admin.post("/admin/draft-orders", { ...wish, shipping_methods: [{ option_id: till.optionId }] }),
    "draft_order",
  );
  await given(shop.nettle.store.post(`/store/carts/${draft.cart_id}/payment-sessions`), "cart");
  const drafted = await completed(shop.nettle.store, draft.cart_id);
  const cart = await aFullCart(shop.nettle.store, till, { cards: [card.code] });
  const order = await completed(shop.nettle.store, cart.id);
  const shown = [await onBoth(shop, `/store/orders/${order.id}`), await onBoth(shop, `/store/orders/${drafted.id}`)];
  const rows = () =>
    Promise.all([rowOf("product_variant", till.variantId), rowOf("gift_card", card.id), rowOf("draft_order", draft.id)]);
  const before = await rows();
  expect(before).toMatchObject([{ inventory_quantity: 97 }, { balance: 0 }, { status: "completed", order_id: drafted.id }]);
  await untilMedusaHeard(await aTill(admin));
  expect(await rows()).toMatchObject([before[0], before[1], { status: "completed", order_id: drafted.id }]);
  expect([await onBoth(shop, `/store/orders/${order.id}`), await onBoth(shop, `/store/orders/${drafted.id}`)]).toEqual(shown);
});

it("a cart that becomes a customer's keeps its payment session, and is paid once", async () => {
  const account = { email: "ada@example.com", password: "s3cret-horse" };
  await shop.nettle.store.post("/store/customers", { first_name: "Ada", last_name: "Lind", ...account });
  const till = await aTill(shop.medusa.admin);
  const shopper = shop.nettle.visitor();
  const cart = await aFullCart(shopper, till);
  expect((await shopper.post("/store/auth", account)).status).toBe(200);
  expect((await shopper.get(`/store/carts/${cart.id}`)).body.cart.email).toBe(account.email);
  await untilMedusaHeard(till);
  const { body } = await shopper.get(`/store/carts/${cart.id}`);
  expect(body.cart.payment_session).toMatchObject({ provider_id: "manual", amount: 2975 });
  const order = await completed(shopper, cart.id);
  expect(order).toMatchObject({ email: account.email, payments: [{ amount: 2975 }] });
});

it("Medusa had nothing to complain of", () => {
  expect(shop.medusa.out()).not.toContain("An error occurred while processing");
});
