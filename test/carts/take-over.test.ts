import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** The headers with which browsers send requests. */
const fetched = (site: string, more = {}) => ({
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "empty",
  "sec-fetch-site": site,
  ...more,
});
const listed = { origin: "http://localhost:8000" };

describe("a guest's cart that a logged-in customer reads", () => {
  const shop = openShop();
  let setup: ShopSetup;
  let adaId: string;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex);
    adaId = (await aCustomer(shop.knex, { email: "ada@example.com" })).id;
  });
  async function read(headers: Readonly<Record<string, string>>) {
    const body = {
      region_id: setup.regionId,
      items: [{ variant_id: setup.variantId, quantity: 1 }],
    };
    const { id } = (await shop.post("/store/carts", body)).body.cart;
    const row = () => shop.knex("cart").where({ id }).first();
    const before = await row();
    const answer = await shop.get(`/store/carts/${id}?expand=customer`, {
      ...asCustomer(adaId),
      ...headers,
    });
    expect(answer.status).toBe(200);
    return { cart: answer.body.cart, before, after: await row() };
  }

  it.each([
    ["a server", {}],
    ["a page of the same origin", fetched("same-origin")],
    ["a page of the same site", fetched("same-site", listed)],
    ["a page of a listed origin", fetched("cross-site", listed)],
    ["an older browser's page of a listed origin", listed],
  ])("becomes theirs by a request of the shop's own code: %s", async (_, headers) => {
    const { cart, after } = await read(headers);
    expect(cart).toMatchObject({ customer_id: adaId, email: "ada@example.com" });
    expect(after).toMatchObject({ customer_id: adaId });
  });

  it.each([
    [
      "a link",
      fetched("cross-site", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    ],
    ["a typed address", fetched("none", { "sec-fetch-mode": "navigate" })],
    ["a link of the same site", fetched("same-origin", { "sec-fetch-mode": "navigate" })],
    [
      "a picture",
      fetched("cross-site", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }),
    ],
    ["a picture of the same site", fetched("same-origin", { "sec-fetch-dest": "image" })],
    ["a frame", fetched("same-site", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" })],
    ["a foreign page", fetched("cross-site", { origin: "https://evil.example" })],
    ["a foreign page without an origin", fetched("cross-site")],
    ["a page without any origin", fetched("cross-site", { origin: "null" })],
    ["a page of the same site that is not listed", fetched("same-site", { origin: "https://a.b" })],
    ["an older browser's foreign page", { origin: "https://evil.example" }],
    ["a prefetch", fetched("same-origin", { "sec-purpose": "prefetch" })],
    ["an older browser's link", { accept: "text/html,application/xhtml+xml,*/*;q=0.8" }],
  ])("stays as it is by anything else: %s", async (_, headers) => {
    const { cart, before, after } = await read(headers);
    expect(cart).toMatchObject({ customer_id: null, customer: null, email: null });
    expect(after).toEqual(before);
  });
});
