import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import {
  aDiscount,
  aGiftCard,
  aPaymentSession,
  aPriceList,
  aProduct,
  aRegion,
  aShippingOption,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** Checks totals in the cases where Medusa undercharges or charges twice. */
describe("the totals of a cart", () => {
  const shop = openShop();
  let netRegion: string;
  let grossRegion: string;
  let net: string;
  let both: string;
  let gross: string;
  let standard: string;
  beforeAll(async () => {
    netRegion = (await aRegion(shop.knex, { countries: ["de"] })).id;
    grossRegion = (
      await aRegion(shop.knex, { countries: ["dk"], currency_code: "dkk", tax_rate: 25 })
    ).id;
    await shop.knex("currency").where({ code: "dkk" }).update({ includes_tax: true });
    net = (await aProduct(shop.knex)).variants[0]!.id;
    const prices = [{ amount: 1000 }, { amount: 10_000, currency_code: "dkk" }];
    both = (await aProduct(shop.knex, { variants: [{ prices }] })).variants[0]!.id;
    gross = (await aProduct(shop.knex, { variants: [{ prices: [] }] })).variants[0]!.id;
    // A price list with taxes included, in a region whose other prices exclude them.
    await aPriceList(shop.knex, {
      includes_tax: true,
      prices: [{ variant_id: gross, amount: 1190 }],
    });
    standard = (await aShippingOption(shop.knex, { region_id: netRegion })).id;
    const regions = [netRegion, grossRegion];
    await aDiscount(shop.knex, { code: "FREESHIP", type: "free_shipping", value: 0, regions });
    await aDiscount(shop.knex, { code: "FIVE", type: "fixed", value: 500, regions });
  });

  async function aCart(variants: readonly string[], region_id = netRegion): Promise<string> {
    const items = variants.map((variant_id) => ({ variant_id, quantity: 1 }));
    return (await shop.post("/store/carts", { region_id, items })).body.cart.id;
  }
  const change = async (id: string, body: object) =>
    (await shop.post(`/store/carts/${id}`, body)).body.cart;
  const codes = (...all: string[]) => ({ discounts: all.map((code) => ({ code })) });

  it("spread a fixed discount over lines with and without included taxes", async () => {
    const id = await aCart([net, gross]);
    const cart = await change(id, codes("FIVE"));
    expect(cart).toMatchObject({
      subtotal: 2000,
      discount_total: 500,
      item_tax_total: 286,
      total: 1786,
    });
    expect(
      cart.items.map((item: { raw_discount_total: number }) => item.raw_discount_total),
    ).toEqual([250, 250]);
  });

  it("keep the first of several discounts in the request, beside free shipping", async () => {
    const regions = [netRegion];
    await aDiscount(shop.knex, { code: "BASIC", type: "fixed", value: 100, regions });
    const id = await aCart([net]);
    for (const [input, kept, off] of [
      [codes("FIVE", "FREESHIP", "BASIC"), "FIVE", 500],
      [codes("BASIC", "FIVE", "FREESHIP"), "BASIC", 100],
    ] as const) {
      const { discounts, discount_total } = await change(id, input);
      const shown = discounts.map(({ code }: { code: string }) => code);
      expect(shown.toSorted()).toEqual([kept, "FREESHIP"].toSorted());
      expect(discount_total).toBe(off);
    }
  });

  it("tax once after a change of region and tax inclusion", async () => {
    const id = await aCart([both]);
    expect((await change(id, { region_id: grossRegion })).items[0]).toMatchObject({
      includes_tax: true,
      unit_price: 10_000,
      total: 10_000,
      tax_total: 2000,
    });
    expect((await change(id, { region_id: netRegion })).items[0]).toMatchObject({
      includes_tax: false,
      unit_price: 1000,
      total: 1190,
      tax_total: 190,
    });
  });

  it("charge for shipping again when the free shipping code is removed", async () => {
    for (const without of [{ discounts: [] }, codes("FIVE")]) {
      const id = await aCart([net]);
      await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: standard });
      expect(await change(id, codes("FREESHIP"))).toMatchObject({
        shipping_total: 0,
        shipping_methods: [{ price: 0 }],
      });
      expect(await change(id, without)).toMatchObject({
        shipping_total: 500,
        shipping_methods: [{ price: 500 }],
      });
    }
  });

  it("restore the custom price of a shipping method after free shipping", async () => {
    const id = await aCart([net]);
    await shop
      .knex("custom_shipping_option")
      .insert({ id: newId("cso"), cart_id: id, shipping_option_id: standard, price: 111 });
    const other = await aShippingOption(shop.knex, { region_id: netRegion });
    expect(
      await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: other.id }),
    ).toBeRefused(400, {
      message: "Wrong shipping option",
    });
    expect((await shop.get(`/store/shipping-options/${id}`)).body.shipping_options).toMatchObject([
      { id: standard, amount: 111 },
    ]);
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: standard });
    await change(id, codes("FREESHIP"));
    expect((await shop.delete(`/store/carts/${id}/discounts/FREESHIP`)).body.cart).toMatchObject({
      shipping_methods: [{ price: 111 }],
    });
  });

  it("reject shipping options that are not for this cart", async () => {
    const id = await aCart([net]);
    const variations = [{ admin_only: true }, { is_return: true }, { region_id: grossRegion }];
    for (const attributes of variations) {
      const option = await aShippingOption(shop.knex, { region_id: netRegion, ...attributes });
      const answer = await shop.post(`/store/carts/${id}/shipping-methods`, {
        option_id: option.id,
      });
      expect(answer).toBeRefused(attributes.admin_only ? 404 : 400);
      const listed = (await shop.get(`/store/shipping-options/${id}`)).body.shipping_options;
      expect(listed.map((shown: { id: string }) => shown.id)).not.toContain(option.id);
    }
  });

  it("ignore a gift card that expired after it was added", async () => {
    const id = await aCart([net]);
    const card = await aGiftCard(shop.knex, { region_id: netRegion, value: 300 });
    const put = { gift_cards: [{ code: card.code }] };
    expect(await change(id, put)).toMatchObject({ gift_card_total: 300, total: 890 });
    await shop
      .knex("gift_card")
      .where({ id: card.id })
      .update({ ends_at: new Date("2020-01-01") });
    expect((await shop.get(`/store/carts/${id}`)).body.cart).toMatchObject({
      gift_card_total: 0,
      total: 1190,
    });
    expect(await shop.post(`/store/carts/${id}`, put)).toBeRefused(400, { type: "not_allowed" });
  });

  it("never fall below zero with a gift card of another tax rate", async () => {
    const id = await aCart([net]);
    const card = await aGiftCard(shop.knex, { region_id: netRegion, value: 2000, tax_rate: 25 });
    const cart = await change(id, { gift_cards: [{ code: card.code }] });
    expect(cart.total).toBe(0);
  });

  it("keep the payment session up to date, and remove it when nothing is due", async () => {
    const id = await aCart([net]);
    await aPaymentSession(shop.knex, { cart_id: id, amount: 1 });
    const amount = async () =>
      (await shop.knex("payment_session").where({ cart_id: id }).first("amount"))?.amount;
    await change(id, codes("FIVE"));
    expect(await amount()).toBe(595);
    await shop.post(`/store/carts/${id}/line-items`, { variant_id: net, quantity: 1 });
    expect(await amount()).toBe(1785);
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: standard });
    expect(await amount()).toBe(2380);
    const card = await aGiftCard(shop.knex, { region_id: netRegion, value: 2000, tax_rate: 19 });
    await change(id, { gift_cards: [{ code: card.code }] });
    expect(await amount()).toBeUndefined();
  });

  it("merge a new line with any equal line, not only with the last", async () => {
    const id = await aCart([net, net]);
    for (const metadata of [{ a: 1, b: 2 }, { c: 1 }]) {
      await shop.post(`/store/carts/${id}/line-items`, { variant_id: net, quantity: 1, metadata });
    }
    const { body } = await shop.post(`/store/carts/${id}/line-items`, {
      variant_id: net,
      quantity: 1,
      metadata: { b: 2, a: 1 },
    });
    expect(body.cart.items).toHaveLength(4);
    expect(
      body.cart.items.find((item: { metadata: object }) => "a" in item.metadata),
    ).toMatchObject({ quantity: 2 });
  });

  it("keep the price and taxes of a swap's returned line", async () => {
    const id = await aCart([net]);
    await shop.knex("cart").where({ id }).update({ type: "swap" });
    const [line] = (await shop.get(`/store/carts/${id}`)).body.cart.items;
    const returned = {
      ...(await shop.knex("line_item").where({ id: line.id }).first()),
      id: newId("item"),
      is_return: true,
      unit_price: -800,
    };
    await shop.knex("line_item").insert({ ...returned, metadata: null });
    await shop
      .knex("line_item_tax_line")
      .insert({ id: newId("litl"), item_id: returned.id, rate: 7, name: "then", code: "then" });
    expect((await shop.get(`/store/carts/${id}`)).body.cart).toMatchObject({ total: 1190 - 856 });
    expect(
      await shop.post(`/store/carts/${id}/line-items/${returned.id}`, { quantity: 2 }),
    ).toBeRefused(400, {
      type: "not_allowed",
    });
    expect(await shop.delete(`/store/carts/${id}/line-items/${returned.id}`)).toBeRefused(400, {
      type: "not_allowed",
    });
    const repriced = await change(id, { region_id: netRegion });
    expect(repriced.items.find((item: { is_return: boolean }) => item.is_return)).toMatchObject({
      unit_price: -800,
      tax_total: -56,
    });
  });

  it("drop the tax lines of a removed line", async () => {
    const id = await aCart([net, both]);
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: standard });
    const { items, shipping_methods } = (await shop.get(`/store/carts/${id}`)).body.cart;
    const taxLine = { rate: 19, name: "default", code: "default" };
    await shop
      .knex("line_item_tax_line")
      .insert({ id: newId("litl"), item_id: items[0].id, ...taxLine });
    await shop
      .knex("shipping_method_tax_line")
      .insert({ id: newId("smtl"), shipping_method_id: shipping_methods[0].id, ...taxLine });
    expect(
      (await shop.delete(`/store/carts/${id}/line-items/${items[0].id}`)).body.cart,
    ).toMatchObject({
      items: [{}],
      total: 1190,
    });
  });
});
