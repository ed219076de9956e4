import Medusa from "@medusajs/medusa-js";
import { beforeAll, describe, expect, it } from "vitest";
import { aDiscount, aGiftCard, aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/**
 * The published client fills a cart as storefronts use it: with retries, and therefore with
 * idempotency keys.
 */
describe("medusa-js and a cart", () => {
  const shop = openShop();
  let european: string;
  let american: string;
  let variants: string[];
  let option: string;
  let card: string;
  beforeAll(async () => {
    european = (await aRegion(shop.knex, { countries: ["de", "fr"] })).id;
    american = (await aRegion(shop.knex, { countries: ["us"], currency_code: "usd", tax_rate: 5 }))
      .id;
    const prices = [{ amount: 1000 }, { amount: 1200, currency_code: "usd" }];
    const product = await aProduct(shop.knex, {
      variants: [{ prices }, { prices: [{ amount: 500 }] }],
    });
    variants = product.variants.map(({ id }) => id);
    option = (await aShippingOption(shop.knex, { region_id: european })).id;
    await aDiscount(shop.knex, { code: "TEN", regions: [european, american] });
    card = String((await aGiftCard(shop.knex, { region_id: european, balance: 300 }))["code"]);
  });

  it("fills, changes, discounts, ships and moves it", async () => {
    const { carts, shippingOptions } = new Medusa({ baseUrl: shop.url, maxRetries: 3 });
    const { cart } = await carts.create({ region_id: european });
    const { id } = cart;
    const added = await carts.lineItems.create(id, { variant_id: variants[0]!, quantity: 1 });
    await carts.lineItems.create(id, { variant_id: variants[1]!, quantity: 2 });
    const [first] = added.cart.items;
    expect((await carts.lineItems.update(id, first!.id, { quantity: 3 })).cart).toMatchObject({
      subtotal: 4000,
      total: 4760,
    });
    expect((await carts.update(id, { discounts: [{ code: "ten" }] })).cart).toMatchObject({
      discount_total: 400,
      total: 4284,
    });
    expect((await carts.update(id, { gift_cards: [{ code: card }] })).cart).toMatchObject({
      gift_card_total: 300,
    });
    const address = {
      first_name: "Gro",
      last_name: "Holm",
      address_1: "Kaje 4",
      city: "Lyon",
      country_code: "fr",
      postal_code: "69001",
    };
    const guest = await carts.update(id, {
      email: "gro@example.com",
      shipping_address: address,
      billing_address: address,
    });
    expect(guest.cart).toMatchObject({
      email: "gro@example.com",
      shipping_address: { city: "Lyon" },
      billing_address: { city: "Lyon" },
    });
    const { shipping_options } = await shippingOptions.listCartOptions(id);
    expect(shipping_options).toMatchObject([{ id: option, price_incl_tax: 595 }]);
    const shipped = await carts.addShippingMethod(id, { option_id: option });
    expect(shipped.cart).toMatchObject({
      shipping_total: 500,
      shipping_methods: [{ shipping_option_id: option }],
    });
    expect((await carts.deleteDiscount(id, "TEN")).cart).toMatchObject({
      discounts: [],
      discount_total: 0,
    });
    expect((await carts.lineItems.delete(id, first!.id)).cart).toMatchObject({
      items: [{ quantity: 2 }],
      shipping_methods: [],
    });
    await carts.lineItems.create(id, { variant_id: variants[0]!, quantity: 1 });
    const moved = await carts.update(id, { region_id: american });
    expect(moved.cart).toMatchObject({
      gift_cards: [],
      items: [{ unit_price: 1200 }],
      total: 1260,
      shipping_address: { country_code: "us" },
    });
    expect((await carts.retrieve(id)).cart).toMatchObject({ id, total: 1260 });
  });

  it("receives refusals with a message", async () => {
    const { carts } = new Medusa({ baseUrl: shop.url, maxRetries: 3 });
    const { cart } = await carts.create({ region_id: european });
    for (const body of [{ discounts: [{ code: "NOPE" }] }, { gift_cards: [{ code: "NOPE" }] }]) {
      const refused = {
        response: { status: 404, data: { message: expect.stringContaining("NOPE") } },
      };
      await expect(carts.update(cart.id, body)).rejects.toMatchObject(refused);
    }
  });
});
