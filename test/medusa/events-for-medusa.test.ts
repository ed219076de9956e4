import { describe, expect, it } from "vitest";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import {
  type AdminShopSetup,
  createDiscount,
  createGiftCard,
  createShopSetup,
  unwrap,
} from "./create-in-admin.ts";
import { expectSameOnBoth } from "./expect-same-on-both.ts";
import { openBoth } from "./open-both.ts";

/** Medusa's own subscribers receive events of the orders that Nettle places. */
const shop = openBoth({ EVENTS_FOR_MEDUSA: "on" });

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();
const usesOf = async (id: string) => (await rowOf("discount", id)).usage_count;

const placeOrderAt = async (
  server: "medusa" | "nettle",
  setup: AdminShopSetup,
  discounts: readonly string[],
) => {
  const cart = await fillCart(shop[server].store, setup, { quantity: 1, discounts });
  return completeCart(shop[server].store, cart.id);
};

/** Waits until Medusa has taken all events and has counted the discount of a later order. */
async function waitUntilMedusaProcessedEvents(setup: AdminShopSetup) {
  const unprocessed = async () => (await shop.knex("staged_job")).length;
  await expect.poll(unprocessed, { timeout: 15_000 }).toBe(0);
  const probe = await createDiscount(shop.medusa.admin, { regions: [setup.regionId] });
  await placeOrderAt("medusa", setup, [probe.code]);
  await expect.poll(() => usesOf(probe.id), { timeout: 15_000 }).toBe(1);
}

describe("a use of a discount is counted once", () => {
  it("when orders are placed one after another", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id, code } = await createDiscount(shop.medusa.admin, { regions: [setup.regionId] });
    for (const server of ["nettle", "medusa", "nettle"] as const) {
      await placeOrderAt(server, setup, [code]);
      await waitUntilMedusaProcessedEvents(setup);
    }
    expect(await usesOf(id)).toBe(3);
  });

  it("when fourteen orders compete for ten uses", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id, code } = await createDiscount(shop.medusa.admin, {
      regions: [setup.regionId],
      usage_limit: 10,
    });
    const carts = await Promise.all(
      Array.from({ length: 14 }, () =>
        fillCart(shop.nettle.store, setup, { quantity: 2, discounts: [code] }),
      ),
    );
    const answers = await Promise.all(
      carts.map((cart) => shop.nettle.store.post(`/store/carts/${cart.id}/complete`)),
    );
    const placed = answers.filter(({ status }) => status === 200).map(({ body }) => body.data.id);
    expect(placed).toHaveLength(10);
    await waitUntilMedusaProcessedEvents(setup);
    expect(await usesOf(id)).toBe(10);
    const heard = () => shop.medusa.heardOrders().filter((order) => placed.includes(order));
    await expect.poll(heard, { timeout: 15_000 }).toHaveLength(10);
    expect(heard().toSorted(), "a subscriber of the backend hears of each once").toEqual(
      placed.toSorted(),
    );
  });

  it("when both servers place orders at once", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id, code } = await createDiscount(shop.medusa.admin, {
      regions: [setup.regionId],
      usage_limit: 13,
    });
    await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        placeOrderAt(number % 2 ? "medusa" : "nettle", setup, [code]),
      ),
    );
    await waitUntilMedusaProcessedEvents(setup);
    expect(await usesOf(id)).toBeLessThanOrEqual(12);
    const [last, tooLate] = [
      await fillCart(shop.nettle.store, setup, { quantity: 2, discounts: [code] }),
      await fillCart(shop.nettle.store, setup, { quantity: 2, discounts: [code] }),
    ];
    await completeCart(shop.nettle.store, last.id);
    expect(await usesOf(id)).toBe(13);
    const refused = await shop.nettle.store.post(`/store/carts/${tooLate.id}/complete`);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(`Discount ${code} has been used maximum allowed times`);
  });
});

it("stock, gift card and draft order of an order are used once", async () => {
  const { admin } = shop.medusa;
  const setup = await createShopSetup(admin);
  const card = await createGiftCard(admin, { region_id: setup.regionId, value: 700 });
  const draftOrder = {
    email: "desk@example.com",
    region_id: setup.regionId,
    items: [{ variant_id: setup.variantId, quantity: 1 }],
  };
  const draft = await unwrap(
    admin.post("/admin/draft-orders", {
      ...draftOrder,
      shipping_methods: [{ option_id: setup.optionId }],
    }),
    "draft_order",
  );
  await unwrap(shop.nettle.store.post(`/store/carts/${draft.cart_id}/payment-sessions`), "cart");
  const drafted = await completeCart(shop.nettle.store, draft.cart_id);
  const cart = await fillCart(shop.nettle.store, setup, { quantity: 2, giftCards: [card.code] });
  const order = await completeCart(shop.nettle.store, cart.id);
  const shown = [
    await expectSameOnBoth(shop, `/store/orders/${order.id}`),
    await expectSameOnBoth(shop, `/store/orders/${drafted.id}`),
  ];
  const rows = () =>
    Promise.all([
      rowOf("product_variant", setup.variantId),
      rowOf("gift_card", card.id),
      rowOf("draft_order", draft.id),
    ]);
  const before = await rows();
  expect(before).toMatchObject([
    { inventory_quantity: 97 },
    { balance: 0 },
    { status: "completed", order_id: drafted.id },
  ]);
  await waitUntilMedusaProcessedEvents(await createShopSetup(admin));
  expect(await rows()).toMatchObject([
    before[0],
    before[1],
    { status: "completed", order_id: drafted.id },
  ]);
  expect([
    await expectSameOnBoth(shop, `/store/orders/${order.id}`),
    await expectSameOnBoth(shop, `/store/orders/${drafted.id}`),
  ]).toEqual(shown);
});

it("a cart that a customer takes over keeps its payment session", async () => {
  const account = { email: "ada@example.com", password: "s3cret-horse" };
  await shop.nettle.store.post("/store/customers", {
    first_name: "Ada",
    last_name: "Lind",
    ...account,
  });
  const setup = await createShopSetup(shop.medusa.admin);
  const shopper = shop.nettle.openBrowser();
  const cart = await fillCart(shopper, setup, { quantity: 2 });
  expect((await shopper.post("/store/auth", account)).status).toBe(200);
  expect((await shopper.get(`/store/carts/${cart.id}`)).body.cart.email).toBe(account.email);
  await waitUntilMedusaProcessedEvents(setup);
  const { body } = await shopper.get(`/store/carts/${cart.id}`);
  expect(body.cart.payment_session).toMatchObject({ provider_id: "manual", amount: 2975 });
  const order = await completeCart(shopper, cart.id);
  expect(order).toMatchObject({ email: account.email, payments: [{ amount: 2975 }] });
});

it("Medusa logged no error", () => {
  expect(shop.medusa.out()).not.toContain("An error occurred while processing");
});
