import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aProduct, aRegion, aShippedOrder, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const metadata = (bytes: number) => ({ a: "x".repeat(bytes - 8) });
const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

/** Whatever a cart holds has a bound, whichever way it comes into the cart. */
describe("a cart is bounded", () => {
  const shop = openShop({
    settings: {
      CART_MAX_LINES: "3",
      CART_MAX_QUANTITY: "50",
      CART_MAX_GIFT_CARDS: "10",
      CART_MAX_CODES: "2",
      METADATA_LIMIT: "100",
      METADATA_DEPTH: "5",
      CART_METADATA_LIMIT: "200",
      TEXT_LIMIT: "40",
    },
  });
  let regionId: string;
  let variants: string[];
  let card: string;
  const items = (...quantities: number[]) =>
    quantities.map((quantity, index) => ({ variant_id: variants[index], quantity }));
  const cart = async (...quantities: number[]) =>
    (await shop.post("/store/carts", { region_id: regionId, items: items(...quantities) })).body
      .cart;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex)).id;
    const variant = { manage_inventory: false, prices: [{ amount: 1000 }] };
    variants = [];
    for (let index = 0; index < 5; index++)
      variants.push((await aProduct(shop.knex, { variants: [variant] })).variants[0]!.id);
    const cards = await aProduct(shop.knex, { is_giftcard: true, variants: [variant] });
    card = cards.variants[0]!.id;
  });

  it("in lines, when it is created", async () => {
    const body = { region_id: regionId, items: items(1, 1, 1, 1) };
    expect(await shop.post("/store/carts", body)).toBeRefused(400, {
      message: "A cart must not have more than 3 lines",
    });
    expect((await cart(1, 1, 1)).items).toHaveLength(3);
  });

  it("in lines, when one is added", async () => {
    const { id } = await cart(1, 1, 1);
    const add = (variant_id?: string) =>
      shop.post(`/store/carts/${id}/line-items`, { variant_id, quantity: 1 });
    expect(await add(variants[3])).toBeRefused(400, { message: /3 lines/ });
    expect((await add(variants[2])).body.cart.items).toHaveLength(3);
  });

  it("in the quantity of a line", async () => {
    const message = "quantity must not be greater than 50";
    const whole = { region_id: regionId, items: items(51) };
    expect(await shop.post("/store/carts", whole)).toBeRefused(400, { message });
    const { id, items: made } = await cart(30);
    const at = `/store/carts/${id}/line-items`;
    expect(await shop.post(at, { variant_id: variants[0], quantity: 21 })).toBeRefused(400, {
      message,
    });
    expect(await shop.post(`${at}/${made[0].id}`, { quantity: 51 })).toBeRefused(400, { message });
    expect((await shop.post(`${at}/${made[0].id}`, { quantity: 50 })).status).toBe(200);
  });

  it("in gift cards that are bought, over all lines", async () => {
    const { id } = await cart();
    const add = (quantity: number, note: string) =>
      shop.post(`/store/carts/${id}/line-items`, {
        variant_id: card,
        quantity,
        metadata: { note },
      });
    expect(await add(11, "a")).toBeRefused(400, { message: /At most 10 gift cards/ });
    expect((await add(6, "a")).status).toBe(200);
    expect(await add(5, "b")).toBeRefused(400, { message: /At most 10 gift cards/ });
    expect((await add(4, "b")).status).toBe(200);
  });

  it("in gift cards that are bought by a swap", async () => {
    const { id: region_id } = await aRegion(shop.knex, { countries: ["de"] });
    const order = await aShippedOrder(shop.knex, { region_id });
    const swap = (quantity: number) =>
      shop.post("/store/swaps", {
        order_id: order.id,
        return_items: [{ item_id: order.lines[0], quantity: 1 }],
        additional_items: [{ variant_id: card, quantity }],
      });
    expect(await swap(11)).toBeRefused(400, { message: /At most 10 gift cards/ });
  });

  it("in codes, before any of them is looked up", async () => {
    const { id } = await cart(1);
    const codes = [{ code: "A" }, { code: "B" }, { code: "C" }];
    expect(await shop.post(`/store/carts/${id}`, { discounts: codes })).toBeRefused(400, {
      message: "A cart must not have more than 2 discounts",
    });
    expect(await shop.post(`/store/carts/${id}`, { gift_cards: codes })).toBeRefused(400, {
      message: "At most 2 gift cards can pay for one cart",
    });
  });

  it.each([
    ["a new context", (at: string, value: object) => [at, { context: value }]],
    [
      "a line's metadata",
      (at: string, value: object) => [
        `${at}/line-items`,
        { variant_id: variants[1], quantity: 1, metadata: value },
      ],
    ],
    [
      "an address's metadata",
      (at: string, value: object) => [at, { shipping_address: { metadata: value } }],
    ],
    [
      "a shipping method's data",
      (at: string, value: object) => [`${at}/shipping-methods`, { option_id: "so", data: value }],
    ],
  ])("in the size and depth of %s", async (_, request) => {
    const { id } = await cart(1);
    const send = (value: object) => {
      const [path, body] = request(`/store/carts/${id}`, value);
      return shop.post(path as string, body);
    };
    expect(await send(metadata(101))).toBeRefused(400, { message: /larger than 100 bytes/ });
    expect(await send(nested(6))).toBeRefused(400, { message: /more than 5 levels/ });
  });

  it("in what is merged from many requests", async () => {
    const { id, items: made } = await cart(1);
    const at = `/store/carts/${id}`;
    const half = { b: "x".repeat(60) };
    expect((await shop.post(at, { context: { a: "x".repeat(60) } })).status).toBe(200);
    expect(await shop.post(at, { context: half })).toBeRefused(400, { message: /^context/ });
    const line = `${at}/line-items/${made[0].id}`;
    await shop.post(line, { quantity: 1, metadata: { a: "x".repeat(60) } });
    expect(await shop.post(line, { quantity: 1, metadata: half })).toBeRefused(400, {
      message: /^metadata/,
    });
  });

  it("in all metadata of its lines together", async () => {
    const { id } = await cart();
    const add = (variant_id?: string) =>
      shop.post(`/store/carts/${id}/line-items`, {
        variant_id,
        quantity: 1,
        metadata: metadata(99),
      });
    await shop.post(`/store/carts/${id}`, { context: metadata(50) });
    expect((await add(variants[0])).status).toBe(200);
    expect(await add(variants[1])).toBeRefused(400, { message: /200 bytes/ });
  });

  it("but keeps what was there before the bound, and may shrink", async () => {
    const { id, items: made } = await cart(1, 1);
    await shop.knex("line_item").where({ cart_id: id }).update({ quantity: 70 });
    const line = `/store/carts/${id}/line-items/${made[0].id}`;
    expect((await shop.post(line, { quantity: 60 })).status).toBe(200);
    expect(await shop.post(line, { quantity: 61 })).toBeRefused(400);
  });
});

/** The bounds that a shop has unless it says otherwise. */
describe("by default", () => {
  const shop = openShop();

  it("a cart of 1,500 lines is refused", async () => {
    const { regionId, variantId } = await aShopSetup(shop.knex);
    const items = Array.from({ length: 1500 }, () => ({ variant_id: variantId, quantity: 1 }));
    expect(await shop.post("/store/carts", { region_id: regionId, items })).toBeRefused(400);
  });

  it("a hundred thousand gift cards are refused, and 1,000 in lines of forty", async () => {
    const { regionId, variantId } = await aShopSetup(shop.knex);
    await shop.knex("product_variant").update({ manage_inventory: false });
    await shop.knex("product").update({ is_giftcard: true });
    const items = (lines: number, quantity: number) =>
      Array.from({ length: lines }, () => ({ variant_id: variantId, quantity }));
    for (const sent of [items(1, 100_000), items(25, 40)])
      expect(await shop.post("/store/carts", { region_id: regionId, items: sent })).toBeRefused(
        400,
      );
  });
});

/** What is kept for a customer has a bound as well. */
describe("an account is bounded", () => {
  const shop = openShop({
    settings: { MAX_ADDRESSES: "2", METADATA_LIMIT: "100", TEXT_LIMIT: "40" },
  });
  const address = (city: string, more: object = {}) => ({
    address: {
      first_name: "Ada",
      last_name: "Lind",
      address_1: "Strandvejen 1",
      city,
      postal_code: "8000",
      country_code: "dk",
      phone: "1",
      province: "J",
      address_2: "2",
      ...more,
    },
  });

  it("in addresses, in their texts and metadata", async () => {
    const headers = asCustomer((await aCustomer(shop.knex)).id);
    const add = (body: object) => shop.post("/store/customers/me/addresses", body, headers);
    expect(await add(address("x".repeat(41)))).toBeRefused(400, {
      message: "city must not be longer than 40 bytes",
    });
    expect(await add(address("A", { metadata: metadata(101) }))).toBeRefused(400);
    for (const city of ["Aarhus", "Odense"]) expect((await add(address(city))).status).toBe(200);
    expect(await add(address("Vejle"))).toBeRefused(400, { message: /more than 2 addresses/ });
    expect((await add(address("Odense"))).status).toBe(200);
  });

  it("in merged metadata", async () => {
    const headers = asCustomer((await aCustomer(shop.knex)).id);
    const change = (value: object) =>
      shop.post("/store/customers/me", { metadata: value }, headers);
    expect((await change({ a: "x".repeat(60) })).status).toBe(200);
    expect(await change({ b: "x".repeat(60) })).toBeRefused(400, { message: /larger than 100/ });
    expect((await change({ a: "", b: "x".repeat(60) })).status).toBe(200);
  });
});
