import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const PROTOTYPE = JSON.parse('{"__proto__":{"a":1}}');
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** Every input is answered with a message, and a refusal changes nothing. */
describe("hostile input", () => {
  const shop = openShop();
  let cart: string;
  let line: string;
  let variant: string;
  beforeAll(async () => {
    const region = await aRegion(shop.knex, { countries: ["de"] });
    variant = (await aProduct(shop.knex, { variants: [{ manage_inventory: false }] })).variants[0]!
      .id;
    await aShippingOption(shop.knex, { region_id: region.id });
    const answer = await shop.post("/store/carts", {
      region_id: region.id,
      items: [{ variant_id: variant, quantity: 1 }],
    });
    cart = answer.body.cart.id;
    line = answer.body.cart.items[0].id;
  });

  const bodies: readonly (readonly [string, unknown])[] = [
    ["", { discounts: [{ code: "\0" }] }],
    ["", { discounts: [{ code: "\ud800" }] }],
    ["", { discounts: 5 }],
    ["", { discounts: [[]] }],
    ["", { discounts: Array.from({ length: 1000 }, (_, index) => ({ code: `NO${index}` })) }],
    ["", { gift_cards: [{ code: "" }] }],
    ["", { billing_address: "" }],
    ["", { billing_address: "addr_nope" }],
    ["", { billing_address: { country_code: "" } }],
    ["", { billing_address: { country_code: "zz" } }],
    ["", { billing_address: { id: "addr_nope", city: "x" } }],
    ["", { shipping_address: "addr_nope" }],
    ["", { shipping_address: ["x"] }],
    ["", { customer_id: "cus_nope" }],
    ["", { region_id: null }],
    ["", { region_id: "reg_nope" }],
    ["", { sales_channel_id: "" }],
    ["", { sales_channel_id: "sc_nope" }],
    ["", { email: null }],
    ["", { __proto__: null, constructor: 1 }],
    ["", { context: PROTOTYPE }],
    ["/line-items", { variant_id: "VARIANT", quantity: 1, metadata: { a: [PROTOTYPE] } }],
    ["/line-items", { variant_id: "variant_nope", quantity: 1 }],
    ["/line-items", { variant_id: "VARIANT", quantity: -1 }],
    ["/line-items", { variant_id: "VARIANT", quantity: 0 }],
    ["/line-items", { variant_id: "VARIANT", quantity: 2_147_483_647 }],
    ["/line-items", { variant_id: "VARIANT", quantity: 2_147_483_648 }],
    ["/line-items", { variant_id: "VARIANT", quantity: 1e308 }],
    ["/line-items", { variant_id: "VARIANT", quantity: 1.5 }],
    ["/line-items/LINE", { quantity: -5 }],
    ["/line-items/LINE", { quantity: 9_007_199_254_740_992 }],
    ["/line-items/LINE", { quantity: "2" }],
    ["/line-items/item_nope", { quantity: 1 }],
    ["/shipping-methods", { option_id: "so_nope" }],
    ["/shipping-methods", { option_id: "so_nope", data: 5 }],
    ["/shipping-methods", {}],
  ];
  it.each(bodies)("is refused with a message: POST /store/carts/:id%s %j", async (path, body) => {
    const input = JSON.parse(JSON.stringify(body).replace("VARIANT", variant));
    const before = (await shop.get(`/store/carts/${cart}`)).body;
    const answer = await shop.post(`/store/carts/${cart}${path.replace("LINE", line)}`, input);
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.text).toBeLessThan(500);
    expect(answer.body.message.length).toBeGreaterThan(0);
    expect((await shop.get(`/store/carts/${cart}`)).body).toEqual(before);
  });

  it("is refused when it is nested too deep", async () => {
    for (const path of ["/store/carts", `/store/carts/${cart}`]) {
      const answer = await fetch(`${shop.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"context":${nested(16_000)}}`,
      });
      expect(answer.status).toBe(400);
    }
    const metadata = JSON.parse(nested(99));
    expect(
      await shop.post(`/store/carts/${cart}/line-items`, {
        variant_id: variant,
        quantity: 1,
        metadata,
      }),
    ).toBeRefused(400);
  });

  it("is ignored where it is null or empty", async () => {
    for (const body of [
      {},
      { discounts: null },
      { gift_cards: null },
      { billing_address: null },
      { shipping_address: null },
      { customer_id: "" },
      { context: null },
      { context: 5 },
      { sales_channel_id: null },
    ]) {
      const answer = await shop.post(`/store/carts/${cart}`, body);
      expect(answer.status, `${JSON.stringify(body)} ${answer.text}`).toBe(200);
    }
    const all = {
      region_id: undefined,
      items: null,
      context: null,
      country_code: "",
      sales_channel_id: null,
    };
    expect((await shop.post("/store/carts", all)).status).toBe(200);
  });

  it.each([
    ["POST", ""],
    ["GET", ""],
    ["POST", "/line-items"],
    ["POST", "/line-items/x"],
    ["DELETE", "/line-items/x"],
    ["DELETE", "/discounts/x"],
    ["POST", "/shipping-methods"],
    ["POST", "/taxes"],
  ])("is answered 404 for an unknown id: %s /store/carts/:id%s", async (method, path) => {
    const body =
      { POST: path === "/line-items" ? { variant_id: variant, quantity: 1 } : {} }[method] ?? {};
    const input =
      path === "/shipping-methods"
        ? { option_id: "so_x" }
        : path === "/line-items/x"
          ? { quantity: 1 }
          : body;
    for (const id of ["cart_nope", "%25", "x'; drop table cart; --", "ü".repeat(100)]) {
      const at = `/store/carts/${encodeURIComponent(id)}${path}`;
      const answer =
        method === "GET"
          ? await shop.get(at)
          : method === "DELETE"
            ? await shop.delete(at)
            : await shop.post(at, input);
      expect(answer).toBeRefused(404, { type: "not_found" });
    }
    expect(await shop.get("/store/shipping-options/cart_nope")).toBeRefused(404);
  });

  it("is refused in fields and relations", async () => {
    for (const query of [
      "fields=nope",
      "expand=nope",
      "expand=items.nope",
      "fields=customer.password_hash",
      "expand=customer.orders",
    ])
      expect(await shop.get(`/store/carts/${cart}?${query}`)).toBeRefused(400);
  });
});
