import { describe, expect, it } from "vitest";
import { endTransactionAfter } from "../../src/database/end-transaction-after.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** While an order is placed, its variants are locked for everyone. */
describe("placing an order", () => {
  const shop = openShop({ settings: { ORDER_PLACEMENT_SECONDS: "1" } });

  it("takes the same number of statements for one gift card and for a hundred", async () => {
    const setup = await aShopSetup(shop.knex, { price: 5000, stock: 10_000 });
    await shop.knex("product").where({ id: setup.productId }).update({ is_giftcard: true });
    const place = async (quantity: number) => {
      const cart = await aFilledCart(shop, setup, { quantity });
      return countStatements(async () => {
        const answer = await shop.post(`/store/carts/${cart}/complete`);
        expect(answer.status, answer.text).toBe(200);
        const cards = await shop.knex("gift_card").where({ order_id: answer.body.data.id });
        expect(cards).toHaveLength(quantity);
        expect(new Set(cards.map(({ code }) => code)).size).toBe(quantity);
      });
    };
    await place(1);
    expect((await place(100)).length).toBe((await place(1)).length);
  });

  it("ends after a time, and the cart can be completed afterwards", async () => {
    const setup = await aShopSetup(shop.knex);
    const cart = await aFilledCart(shop, setup);
    const holder = await shop.knex.transaction();
    await holder("product_variant").where({ id: setup.variantId }).forUpdate();
    expect(await shop.post(`/store/carts/${cart}/complete`)).toBeRefused(503, {
      message: /[Tt]ry again/,
    });
    await holder.rollback();
    const slowly = shop.knex.transaction(async (trx) => {
      await endTransactionAfter(shop.knex, trx, 1);
      for (let statement = 0; statement < 8; statement++) await trx.raw("select pg_sleep(0.3)");
    });
    await expect(slowly).rejects.toThrow();
    const placed = await shop.post(`/store/carts/${cart}/complete`);
    expect([placed.status, placed.body.type]).toEqual([200, "order"]);
    expect(await shop.knex("order").where({ cart_id: cart })).toHaveLength(1);
  });
});
