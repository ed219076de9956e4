import { beforeAll, describe, expect, it } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { lockCartRow } from "../../src/domains/carts/cart-lock.ts";
import { aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

describe("the row lock of a cart", () => {
  const shop = openShop();
  let id: string;
  beforeAll(async () => {
    const region = await aRegion(shop.knex);
    id = (await shop.post("/store/carts", { region_id: region.id })).body.cart.id;
  });
  const lock = (cartId: string) => runInTransaction(shop.knex, (trx) => lockCartRow(trx, cartId));

  it("says what the cart is", async () => {
    const row = { type: "default", is_completed: false, is_deleted: false };
    expect(await lock(id)).toEqual(row);
    await shop.knex("cart").where({ id }).update({ completed_at: shop.knex.fn.now() });
    expect(await lock(id)).toEqual({ ...row, is_completed: true });
    await shop.knex("cart").where({ id }).update({ deleted_at: shop.knex.fn.now() });
    expect(await lock(id)).toEqual({ ...row, is_completed: true, is_deleted: true });
  });

  it("finds no cart of another id", async () => {
    expect(await lock("cart_none")).toBeUndefined();
  });

  it("is held until the transaction ends", async () => {
    await runInTransaction(shop.knex, async (trx) => {
      await lockCartRow(trx, id);
      const other = shop.knex.raw("select from cart where id = ? for update nowait", [id]);
      await expect(other).rejects.toMatchObject({ code: "55P03" });
    });
    await shop.knex.raw("select from cart where id = ? for update nowait", [id]);
  });
});
