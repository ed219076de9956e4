import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aDiscount,
  aPrice,
  aPriceList,
  aProduct,
  aRegion,
  aSalesChannel,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

interface ShownLine {
  readonly id: string;
  readonly unit_price: number;
  readonly quantity: number;
  readonly title: string;
  readonly adjustments: readonly { readonly amount: number }[];
}

/** Every change of a cart prices all of it, so that nobody can keep a price of another cart. */
describe("the prices of a cart", () => {
  const shop = openShop();
  let regionId: string;
  let otherRegionId: string;
  let groupId: string;
  let ada: string;
  let vipList: string;
  let variantId: string;
  let tiered: string;
  beforeAll(async () => {
    const region = { tax_rate: 20, countries: [] };
    regionId = (await aRegion(shop.knex, region)).id;
    otherRegionId = (await aRegion(shop.knex, region)).id;
    ada = (await aCustomer(shop.knex)).id;
    groupId = (await aCustomerGroup(shop.knex, { customers: [ada] })).id;
    vipList = (await aPriceList(shop.knex, { customer_groups: [groupId] })).id;
    variantId = await aVariantAt({ amount: 1000 }, { amount: 700, price_list_id: vipList });
    tiered = await aVariantAt({ amount: 1500 }, { amount: 1000, min_quantity: 10 });
    await aDiscount(shop.knex, { code: "TEN", regions: [regionId, otherRegionId] });
    await aDiscount(shop.knex, {
      code: "VIPONLY",
      regions: [regionId],
      conditions: [{ type: "customer_groups", operator: "in", ids: [groupId] }],
    });
  });

  const aVariantAt = async (...prices: { amount: number; [column: string]: unknown }[]) =>
    (await aProduct(shop.knex, { variants: [{ prices, inventory_quantity: 1000 }] })).variants[0]!
      .id;
  const create = async (items: object[], headers = {}, region_id = regionId) => {
    const { status, body } = await shop.post("/store/carts", { region_id, items }, headers);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.cart;
  };
  const change = async (id: string, body: object, headers = {}) =>
    (await shop.post(`/store/carts/${id}`, body, headers)).body.cart;
  const look = async (id: string, headers = {}) =>
    (await shop.get(`/store/carts/${id}`, headers)).body.cart;
  const unitPrices = (cart: { items: ShownLine[] }) =>
    cart.items.map(({ unit_price }) => unit_price).sort((one, other) => one - other);

  it("are those of the quantity that is in the cart, whatever was in it before", async () => {
    const cart = await create([
      { variant_id: tiered, quantity: 1 },
      { variant_id: tiered, quantity: 50 },
    ]);
    expect(unitPrices(cart)).toEqual([1000, 1000]);
    const many = cart.items.find(({ quantity }: ShownLine) => quantity === 50);
    const { body } = await shop.delete(`/store/carts/${cart.id}/line-items/${many.id}`);
    expect(unitPrices(body.cart)).toEqual([1500]);
  });

  it("count all lines of a variant together, in whatever order they came", async () => {
    for (const quantities of [
      [1, 9],
      [9, 1],
    ]) {
      const cart = await create(quantities.map((quantity) => ({ variant_id: tiered, quantity })));
      expect(unitPrices(cart)).toEqual([1000, 1000]);
      const [line] = cart.items;
      const path = `/store/carts/${cart.id}/line-items/${line.id}`;
      const { body } = await shop.post(path, { quantity: line.quantity - 1 || 5 });
      const total = body.cart.items.reduce(
        (sum: number, each: ShownLine) => sum + each.quantity,
        0,
      );
      expect(unitPrices(body.cart)).toEqual(total < 10 ? [1500, 1500] : [1000, 1000]);
    }
  });

  it("follow a decreasing quantity, also by a removed line or a change of channel", async () => {
    const cart = await create([{ variant_id: tiered, quantity: 9 }]);
    const added = await shop.post(`/store/carts/${cart.id}/line-items`, {
      variant_id: tiered,
      quantity: 3,
      metadata: { engraving: "A" },
    });
    expect(unitPrices(added.body.cart)).toEqual([1000, 1000]);
    const engraved = added.body.cart.items.find(({ quantity }: ShownLine) => quantity === 3);
    const { body } = await shop.post(`/store/carts/${cart.id}/line-items/${engraved.id}`, {
      quantity: 0,
    });
    expect(unitPrices(body.cart)).toEqual([1500]);
  });

  it("count pieces that are added to a line whose metadata is null", async () => {
    const cart = await create([{ variant_id: tiered, quantity: 9 }]);
    await shop.knex("line_item").where({ cart_id: cart.id }).update({ metadata: null });
    const line = { variant_id: tiered, quantity: 1 };
    const { body } = await shop.post(`/store/carts/${cart.id}/line-items`, line);
    expect(body.cart.items).toMatchObject([{ quantity: 10, unit_price: 1000 }]);
  });

  it("are those of the customer's groups when a cart is created with lines", async () => {
    const items = [{ variant_id: variantId, quantity: 1 }];
    expect(unitPrices(await create(items, asCustomer(ada)))).toEqual([700]);
    expect(unitPrices(await create(items))).toEqual([1000]);
    const forVipsOnly = await aVariantAt({ amount: 900, price_list_id: vipList });
    const only = await create([{ variant_id: forVipsOnly, quantity: 1 }], asCustomer(ada));
    expect(unitPrices(only)).toEqual([900]);
    expect(
      await shop.post("/store/carts", {
        region_id: regionId,
        items: [{ variant_id: forVipsOnly, quantity: 1 }],
      }),
    ).toBeRefused(400, { type: "invalid_data" });
  });

  it("leave with the customer whose they were, and so do a group's codes", async () => {
    const cart = await create([{ variant_id: variantId, quantity: 1 }], asCustomer(ada));
    const coded = await change(cart.id, { discounts: [{ code: "VIPONLY" }] }, asCustomer(ada));
    expect(coded).toMatchObject({ discount_total: 70, total: 756 });
    const moved = await change(cart.id, { email: "other@example.com" });
    expect(moved).toMatchObject({ discounts: [], discount_total: 0, total: 1200 });
    expect(unitPrices(moved)).toEqual([1000]);
  });

  it("are those of today when anybody prepares the payment of an account's cart", async () => {
    const sale = (await aPriceList(shop.knex)).id;
    const onSale = await aVariantAt({ amount: 2000 }, { amount: 900, price_list_id: sale });
    const items = [onSale, variantId].map((id) => ({ variant_id: id, quantity: 1 }));
    const cart = await create(items, asCustomer(ada));
    expect(unitPrices(cart)).toEqual([700, 900]);
    const path = `/store/carts/${cart.id}/payment-sessions`;
    expect(unitPrices((await shop.post(path)).body.cart)).toEqual([700, 900]);
    await shop.knex("price_list").where({ id: sale }).update({ ends_at: new Date() });
    const { body } = await shop.post(path);
    expect(unitPrices(body.cart)).toEqual([700, 2000]);
    expect(body.cart.payment_session.amount).toBe(body.cart.total);
    expect(unitPrices(await change(cart.id, { context: {} }))).toEqual([1000, 2000]);
    expect(unitPrices((await shop.post(path)).body.cart)).toEqual([1000, 2000]);
  });

  it("are not those of another region with the same currency", async () => {
    const own = await aVariantAt(
      { amount: 1200, region_id: regionId },
      { amount: 500, region_id: otherRegionId },
    );
    const shared = await aVariantAt({ amount: 1000 }, { amount: 500, region_id: otherRegionId });
    for (const [variant_id, here, there] of [
      [own, 1200, 500],
      [shared, 1000, 500],
    ] as const) {
      const items = [{ variant_id, quantity: 1 }];
      expect(unitPrices(await create(items))).toEqual([here]);
      expect(unitPrices(await create(items, {}, otherRegionId))).toEqual([there]);
      const { body } = await shop.get(`/store/variants/${variant_id}?region_id=${regionId}`);
      expect(body.variant.calculated_price).toBe(here);
    }
    const elsewhere = await aVariantAt({ amount: 500, region_id: otherRegionId });
    expect(
      await shop.post("/store/carts", {
        region_id: regionId,
        items: [{ variant_id: elsewhere, quantity: 1 }],
      }),
    ).toBeRefused(400, { type: "invalid_data" });
  });

  it("take the discount with them, up and down", async () => {
    const items = [{ variant_id: variantId, quantity: 1 }];
    const cart = await create(items);
    expect(await change(cart.id, { discounts: [{ code: "TEN" }] })).toMatchObject({
      discount_total: 100,
      total: 1080,
    });
    expect(await look(cart.id, asCustomer(ada))).toMatchObject({ discount_total: 70, total: 756 });
    expect(await look(cart.id)).toMatchObject({ discount_total: 70, total: 756 });

    const rising = await aVariantAt({ amount: 300 });
    const dear = await create([{ variant_id: rising, quantity: 1 }]);
    await change(dear.id, { discounts: [{ code: "TEN" }] });
    await shop
      .knex("money_amount")
      .whereIn(
        "id",
        shop
          .knex("product_variant_money_amount")
          .where({ variant_id: rising })
          .select("money_amount_id"),
      )
      .update({ amount: 2000 });
    expect(await change(dear.id, { region_id: regionId })).toMatchObject({
      subtotal: 2000,
      discount_total: 200,
    });
  });

  describe("that the shop set by hand", () => {
    const setByHand = (cartId: string, unit_price: number) =>
      shop.knex("line_item").where({ cart_id: cartId }).update({ unit_price, should_merge: false });

    it("stay through looks and changes", async () => {
      const cart = await create([{ variant_id: variantId, quantity: 1 }]);
      const [{ id: lineId }] = cart.items;
      await setByHand(cart.id, 650);
      const path = `/store/carts/${cart.id}`;
      for (const shown of [
        await look(cart.id, asCustomer(ada)),
        await change(cart.id, { region_id: regionId }, asCustomer(ada)),
        await change(cart.id, { region_id: otherRegionId }, asCustomer(ada)),
        (await shop.post(`${path}/line-items/${lineId}`, { quantity: 3 })).body.cart,
        (await shop.post(`${path}/line-items/${lineId}`, { quantity: 3, metadata: { a: 1 } })).body
          .cart,
      ])
        expect(unitPrices(shown)).toEqual([650]);
      const line = { variant_id: variantId, quantity: 1 };
      const added = await shop.post(`${path}/line-items`, line, asCustomer(ada));
      expect(unitPrices(added.body.cart)).toEqual([650, 700]);
    });

    it("stay, with their lines, in another sales channel", async () => {
      const channel = (await aSalesChannel(shop.knex)).id;
      const cart = await create([{ variant_id: variantId, quantity: 1 }]);
      await setByHand(cart.id, 650);
      await shop.post(`/store/carts/${cart.id}/line-items`, { variant_id: tiered, quantity: 1 });
      const moved = await change(cart.id, { sales_channel_id: channel });
      expect(unitPrices(moved)).toEqual([650]);
    });

    it("stay on every line of a draft order", async () => {
      const cart = await create([{ variant_id: variantId, quantity: 1 }]);
      await shop.knex("line_item").where({ cart_id: cart.id }).update({ unit_price: 650 });
      await shop.knex("cart").where({ id: cart.id }).update({ type: "draft_order" });
      const path = `/store/carts/${cart.id}/line-items`;
      expect(unitPrices(await look(cart.id, asCustomer(ada)))).toEqual([650]);
      const grown = await shop.post(`${path}/${cart.items[0].id}`, { quantity: 12 });
      expect(unitPrices(grown.body.cart)).toEqual([650]);
      const added = await shop.post(path, { variant_id: tiered, quantity: 1 });
      expect(unitPrices(added.body.cart)).toEqual([650, 1500]);
    });

    it("do not become the same number of another currency", async () => {
      const yen = (await aRegion(shop.knex, { currency_code: "jpy", tax_rate: 10 })).id;
      await aPrice(shop.knex, { variant_id: variantId, amount: 100_000, currency_code: "jpy" });
      const cart = await create([{ variant_id: variantId, quantity: 1 }]);
      await setByHand(cart.id, 650);
      expect(await shop.post(`/store/carts/${cart.id}`, { region_id: yen })).toBeRefused(400, {
        type: "not_allowed",
      });
    });

    it("stay although the variant has no price", async () => {
      const unpriced = await aVariantAt({ amount: 1000 });
      const cart = await create([{ variant_id: unpriced, quantity: 1 }]);
      await setByHand(cart.id, 650);
      await shop.knex("product_variant_money_amount").where({ variant_id: unpriced }).delete();
      expect(unitPrices(await look(cart.id, asCustomer(ada)))).toEqual([650]);
    });
  });

  describe("of a line whose goods are gone", () => {
    it("stay, with their taxes, until the shopper removes the line", async () => {
      for (const table of ["product", "product_variant"] as const) {
        const product = await aProduct(shop.knex);
        const kept = await aVariantAt({ amount: 2000 });
        const variant = product.variants[0]!.id;
        const cart = await create([
          { variant_id: variant, quantity: 1 },
          { variant_id: kept, quantity: 1 },
        ]);
        const id = table === "product" ? product.id : variant;
        await shop.knex(table).where({ id }).update({ deleted_at: new Date() });
        for (const shown of [
          await look(cart.id),
          await look(cart.id, asCustomer(ada)),
          await change(cart.id, { region_id: regionId }),
        ]) {
          expect(shown.items).toHaveLength(2);
          expect(shown).toMatchObject({ subtotal: 3000, tax_total: 600, total: 3600 });
        }
        const line = cart.items.find(({ title }: ShownLine) => title === product.title);
        const { body } = await shop.delete(`/store/carts/${cart.id}/line-items/${line.id}`);
        expect(body.cart).toMatchObject({ total: 2400 });
      }
    });
  });
});
