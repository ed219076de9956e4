import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type ApiClient, clientAt } from "../support/api-client.ts";
import { aDiscount, aFilledCart, aGiftCard, aShopSetup } from "../support/builders.ts";
import { openServers } from "../support/open-servers.ts";

const servers = openServers();
let clients: ApiClient[] = [];
beforeAll(async () => {
  const others = [await servers.serve(), await servers.serve()];
  clients = [servers.survivor, ...others.map(({ url }) => url)].map(clientAt);
});

/** Returns a client of one of the processes, in turn. */
const clientFor = (number: number) => clients[number % clients.length]!;
const complete = (cart: string, number: number) =>
  clientFor(number).post(`/store/carts/${cart}/complete`);
const totals = () => servers.service.ledger.totals();

/** Fills carts, six at a time. */
async function filledCarts(
  count: number,
  ...[setup, attributes]: [Parameters<typeof aFilledCart>[1], Parameters<typeof aFilledCart>[2]?]
) {
  const made: string[] = [];
  const make = async () => {
    for (let number = made.push(""); number <= count; number = made.push(""))
      made[number - 1] = await aFilledCart(clientFor(number), setup, attributes);
    made.pop();
  };
  await Promise.all(Array.from({ length: 6 }, make));
  return made.slice(0, count);
}

describe("in three processes", () => {
  it("200 parallel checkouts of the last 20 items place 20 orders", async () => {
    const setup = await aShopSetup(servers.knex, { stock: 500, providers: ["remote"] });
    const full = await filledCarts(200, setup);
    await servers
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 20 });
    const before = totals().held;
    const answers = await Promise.all(full.map(complete));
    const [sold, refused] = [
      answers.filter(({ status }) => status === 200),
      answers.filter(({ status }) => status === 409),
    ];
    expect([sold.length, refused.length]).toEqual([20, 180]);
    for (const { body } of refused)
      expect(body.errors).toMatchObject([{ code: "insufficient_inventory" }]);
    expect(new Set(sold.map(({ body }) => body.data.id)).size).toBe(20);
    expect(
      (await servers.knex("product_variant").where({ id: setup.variantId }).first())
        .inventory_quantity,
    ).toBe(0);
    expect(totals().held).toBe(before + 20 * 1000);
    expect(await servers.knex("nettle_checkout")).toEqual([]);
    const loser = full[answers.findIndex(({ status }) => status === 409)]!;
    const { body } = await clientFor(1).get(`/store/carts/${loser}`);
    expect(body.cart).toMatchObject({ completed_at: null, payment_authorized_at: null });
    expect(
      (await clientFor(2).delete(`/store/carts/${loser}/line-items/${body.cart.items[0].id}`)).body
        .cart.items,
    ).toEqual([]);
  }, 180_000);

  it("a cart completed fifty times at once becomes one order", async () => {
    const cart = await aFilledCart(
      clientFor(0),
      await aShopSetup(servers.knex, { providers: ["remote"] }),
    );
    const { authorized } = totals();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => complete(cart, number)),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data?.id}`)).size).toBe(1);
    expect(await servers.knex("order").where({ cart_id: cart })).toHaveLength(1);
    expect(totals().authorized).toBe(authorized + 1000);
  });

  it("a discount with a limit of ten is used ten times", async () => {
    const setup = await aShopSetup(servers.knex, { providers: ["remote"] });
    const { id, code } = await aDiscount(servers.knex, { usage_limit: 10 });
    const before = totals().held;
    const answers = await Promise.all(
      (await filledCarts(40, setup, { discounts: [code] })).map(complete),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => `${status} ${body.type}`)).toEqual(
      Array(30).fill("400 not_allowed"),
    );
    expect((await servers.knex("discount").where({ id }).first()).usage_count).toBe(10);
    expect(totals().held).toBe(before + 10 * 900);
  }, 120_000);

  it("a gift card of 5,000 in thirty carts pays 5,000", async () => {
    const setup = await aShopSetup(servers.knex, { providers: ["remote"] });
    const card = await aGiftCard(servers.knex, { region_id: setup.regionId, value: 5000 });
    const before = totals().authorized;
    const answers = await Promise.all(
      (await filledCarts(30, setup, { giftCards: [card.code] })).map(complete),
    );
    const sold = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(sold).toHaveLength(5);
    for (const { status, body } of refused)
      expect([status, body.message]).toEqual([409, expect.stringContaining("gift card")]);
    const paid = await servers
      .knex("gift_card_transaction")
      .where({ gift_card_id: card.id })
      .sum("amount as sum")
      .first();
    expect(Number(paid?.["sum"])).toBe(5000);
    expect(await servers.knex("gift_card").where({ id: card.id }).first()).toMatchObject({
      balance: 0,
      is_disabled: true,
    });
    expect(totals().authorized).toBe(before);
  }, 120_000);
});

describe("a write to a cart that another process completes", () => {
  const startCompleting = async (milliseconds: number) => {
    const setup = await aShopSetup(servers.knex, { providers: ["remote"] });
    const cart = await aFilledCart(clientFor(0), setup);
    servers.service.setFailureMode({ step: "authorize", kind: "slow", milliseconds });
    const reached = servers.waitForProviderCall("authorize");
    const answer = complete(cart, 1);
    await reached;
    return { cart, answer, line: { variant_id: setup.variantId, quantity: 1 } };
  };

  it("waits and is refused once the order is placed", async () => {
    const { cart, answer, line } = await startCompleting(800);
    const added = clientFor(2).post(`/store/carts/${cart}/line-items`, line);
    expect((await answer).body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(await added).toMatchObject({
      status: 400,
      body: { message: "A completed cart cannot be changed" },
    });
  });

  it("is refused after some seconds, while reads work", async () => {
    const { cart, answer, line } = await startCompleting(7000);
    const writes = [
      clientFor(2).post(`/store/carts/${cart}/line-items`, line),
      clientFor(2).post(`/store/carts/${cart}`, { email: "other@example.com" }),
      clientFor(2).delete(`/store/carts/${cart}/payment-sessions/remote`),
    ];
    expect((await clientFor(2).get(`/store/carts/${cart}`)).body.cart).toMatchObject({
      completed_at: null,
      total: 1000,
    });
    for (const { status, body } of await Promise.all(writes))
      expect([status, body.message]).toEqual([409, expect.stringContaining("being completed")]);
    expect((await answer).body).toMatchObject({
      type: "order",
      data: { total: 1000, email: "gro@example.com" },
    });
  });

  it("leaves one consistent state in any interleaving", async () => {
    const setup = await aShopSetup(servers.knex, { providers: ["remote"] });
    const before = totals().held;
    let sold = 0;
    for (const cart of await filledCarts(12, setup)) {
      const add = () =>
        clientFor(2).post(`/store/carts/${cart}/line-items`, {
          variant_id: setup.variantId,
          quantity: 1,
        });
      const answers = await Promise.all([
        complete(cart, 0),
        add(),
        sleep(Math.random() * 40).then(() => complete(cart, 1)),
        add(),
      ]);
      for (const { status } of answers) expect([200, 400, 409]).toContain(status);
      const { body } = await complete(cart, 2);
      const order = body.type === "order" ? body.data : undefined;
      const { cart: shown } = (await clientFor(0).get(`/store/carts/${cart}`)).body;
      if (order)
        expect([order.total, order.payments[0].amount]).toEqual([shown.total, shown.total]);
      else expect(shown.completed_at).toBeNull();
      sold += order?.total ?? 0;
    }
    expect(totals().held).toBe(before + sold);
    expect(await servers.knex("nettle_checkout")).toEqual([]);
  }, 120_000);
});
