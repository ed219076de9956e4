import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("getting a cart", () => {
  const shop = openShop();
  let id: string;
  beforeAll(async () => {
    const region_id = (await aRegion(shop.knex)).id;
    const variant_id = (await aProduct(shop.knex)).variants[0]!.id;
    id = (await shop.post("/store/carts", { region_id, items: [{ variant_id, quantity: 1 }] })).body
      .cart.id;
  });
  const cart = async (query = "") => (await shop.get(`/store/carts/${id}${query}`)).body.cart;

  it("refuses parameters of lists", async () => {
    expect(await shop.get(`/store/carts/${id}?limit=3`)).toBeRefused(400, {
      message: "property limit should not exist",
    });
  });

  it("returns all totals, whatever fields and relations are requested", async () => {
    const whole = await cart();
    const queries = [
      "?fields=id",
      "?fields=",
      "?fields=%2Bemail",
      "?fields=region.name",
      "?fields=items.title",
      "?expand=",
      "?expand=items",
    ];
    for (const query of queries) {
      const { subtotal, item_tax_total, tax_total, total } = await cart(query);
      expect({ subtotal, item_tax_total, tax_total, total }, query).toEqual({
        subtotal: 1000,
        item_tax_total: 190,
        tax_total: 190,
        total: whole.total,
      });
    }
  });

  it("starts `fields` from an empty list", async () => {
    expect(await cart("?fields=%2Bemail")).not.toHaveProperty("created_at");
    expect(await cart("?fields=-email")).toMatchObject({ id });
  });

  it("returns relations whole, whatever of them is in `fields`", async () => {
    expect((await cart("?fields=items.title")).items[0]).toMatchObject({
      unit_price: 1000,
      quantity: 1,
    });
  });

  it("returns the raw discount of lines only", async () => {
    const whole = await cart();
    expect(whole).not.toHaveProperty("raw_discount_total");
    expect(whole.items[0].raw_discount_total).toBe(0);
  });
});
