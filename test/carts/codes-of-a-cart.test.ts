import { beforeAll, describe, expect, it } from "vitest";
import { aDiscount, aGiftCard, aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** What codes take off, and what gift cards and hand-set shipping prices leave to pay. */
describe("the codes of a cart", () => {
  const shop = openShop();
  let regionId: string;
  let first: string;
  let second: string;
  let firstProduct: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { tax_rate: 20 })).id;
    const one = await aProduct(shop.knex, { variants: [{ inventory_quantity: 99 }] });
    const other = await aProduct(shop.knex, { variants: [{ inventory_quantity: 99 }] });
    firstProduct = one.id;
    [first, second] = [one.variants[0]!.id, other.variants[0]!.id];
  });
  async function aCart(quantities: readonly [number, number], region_id = regionId) {
    const items = [first, second].flatMap((variant_id, index) =>
      quantities[index]! > 0 ? [{ variant_id, quantity: quantities[index] }] : [],
    );
    return (await shop.post("/store/carts", { region_id, items })).body.cart.id as string;
  }
  const change = async (id: string, body: object) =>
    (await shop.post(`/store/carts/${id}`, body)).body.cart;
  const complete = async (id: string) => {
    await shop.post(`/store/carts/${id}`, { email: "gro@example.com" });
    await shop.post(`/store/carts/${id}/payment-sessions`);
    return (await shop.post(`/store/carts/${id}/complete`)).body;
  };

  it("take a fixed amount for certain products off those, whole", async () => {
    for (const [operator, code] of [
      ["in", "ONLYFIRST"],
      ["not_in", "NOTSECOND"],
    ] as const) {
      const other = (await shop.knex("product_variant").where({ id: second }).first()).product_id;
      const ids = operator === "in" ? [firstProduct] : [other];
      const conditions = [{ type: "products" as const, operator, ids }];
      await aDiscount(shop.knex, {
        code,
        type: "fixed",
        value: 1000,
        regions: [regionId],
        conditions,
      });
      for (const quantities of [
        [2, 2],
        [1, 9],
      ] as const) {
        const cart = await change(await aCart(quantities), { discounts: [{ code }] });
        expect(cart.discount_total).toBe(1000);
        const line = cart.items.find(
          ({ variant_id }: { variant_id: string }) => variant_id === first,
        );
        expect(line.raw_discount_total).toBe(1000);
      }
    }
  });

  it("come off no product that is not discountable any more", async () => {
    await aDiscount(shop.knex, { code: "TENTH", regions: [regionId] });
    const id = await aCart([1, 1]);
    const product = shop.knex("product").where({ id: firstProduct });
    expect((await change(id, { discounts: [{ code: "TENTH" }] })).discount_total).toBe(200);
    await product.clone().update({ discountable: false });
    const line = { variant_id: first, quantity: 4 };
    const { body } = await shop.post(`/store/carts/${id}/line-items`, line);
    expect(body.cart).toMatchObject({ subtotal: 6000, discount_total: 100 });
    await product.clone().update({ discountable: true });
    expect(await change(id, { context: {} })).toMatchObject({ discount_total: 600 });
  });

  it("move with the cart to every region of the code they were derived from", async () => {
    const elsewhere = (await aRegion(shop.knex, { tax_rate: 20 })).id;
    const parent = await aDiscount(shop.knex, { is_dynamic: true, regions: [regionId, elsewhere] });
    const { rule_id } = await shop.knex("discount").where({ id: parent.id }).first("rule_id");
    const { code } = await aDiscount(shop.knex, { parent_discount_id: parent.id, regions: [] });
    await shop.knex("discount").where({ code }).update({ rule_id });
    const id = await aCart([1, 0]);
    expect(await change(id, { discounts: [{ code }] })).toMatchObject({ discount_total: 100 });
    const moved = await change(id, { region_id: elsewhere });
    expect(moved).toMatchObject({ discounts: [{ code }], discount_total: 100, total: 1080 });
    const foreign = (await aRegion(shop.knex, { tax_rate: 20 })).id;
    expect(await change(id, { region_id: foreign })).toMatchObject({ discounts: [], total: 1200 });
  });

  it("let a gift card pay no more tax than there is", async () => {
    const card = await aGiftCard(shop.knex, { region_id: regionId, balance: 10_000, tax_rate: 25 });
    const option = await aShippingOption(shop.knex, { region_id: regionId, amount: 500 });
    const id = await aCart([9, 1]);
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: option.id });
    const cart = await change(id, { gift_cards: [{ code: card["code"] }] });
    // Goods of 100.00, shipping of 5.00 and 21.00 of tax: the card's tax of 25.00 pays no goods.
    expect(cart).toMatchObject({ gift_card_total: 10_000, gift_card_tax_total: 2100, total: 500 });
    const { data } = await complete(id);
    expect(data).toMatchObject({ tax_total: 0, total: 500 });
    expect(data.payments[0].amount).toBe(500);
  });

  it("give a gift card that was bought without tax no tax to pay", async () => {
    const region = await aRegion(shop.knex, { tax_rate: 19 });
    const product = await aProduct(shop.knex, { is_giftcard: true, discountable: false });
    const rate = { id: `txr_${region.id}`, region_id: region.id, name: "None", rate: 0 };
    await shop.knex("tax_rate").insert({ ...rate, code: "none" });
    await shop.knex("product_tax_rate").insert({ product_id: product.id, rate_id: rate.id });
    const items = [{ variant_id: product.variants[0]!.id, quantity: 1 }];
    const { body } = await shop.post("/store/carts", { region_id: region.id, items });
    expect(body.cart).toMatchObject({ tax_total: 0, total: 1000 });
    const { data } = await complete(body.cart.id);
    const bought = await shop.knex("gift_card").where({ order_id: data.id }).first();
    expect(bought).toMatchObject({ value: 1000, tax_rate: 0 });
  });

  it("leave a shipping price that the shop set by hand", async () => {
    await aDiscount(shop.knex, { code: "SHIPS", type: "free_shipping", regions: [regionId] });
    const option = await aShippingOption(shop.knex, { region_id: regionId, amount: 500 });
    const id = await aCart([1, 0]);
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: option.id });
    await shop.knex("shipping_method").where({ cart_id: id }).update({ price: 300 });
    expect(await change(id, { context: {} })).toMatchObject({ shipping_total: 300 });
    expect(await change(id, { discounts: [{ code: "SHIPS" }] })).toMatchObject({ total: 1200 });
    expect(await change(id, { discounts: [] })).toMatchObject({ shipping_total: 300 });
    await change(id, { discounts: [{ code: "SHIPS" }] });
    const { body } = await shop.delete(`/store/carts/${id}/discounts/SHIPS`);
    expect(body.cart).toMatchObject({ shipping_total: 300 });
  });
});
