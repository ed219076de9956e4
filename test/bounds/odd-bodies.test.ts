import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { aPaymentCollection } from "../payment-collections/a-payment-collection.ts";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aFilledCart, aShippedOrder, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** Values that break what coerces, walks or stores them without looking. */
const oddLeaves = [
  { toString: 1 },
  { valueOf: { a: 1 } },
  { toString: { toString: 1 }, length: -1 },
  { toJSON: 1 },
  { constructor: { prototype: 1 } },
  JSON.parse('{"__proto__":{"a":1}}'),
  { length: 1e9 },
  [],
  [[]],
  [null],
  [{ toString: 1 }],
  {},
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2_147_483_648,
  9_007_199_254_740_992,
  "",
  " ",
  "0",
  "x".repeat(3000),
  "\ud800",
  "\0",
  "' or 1=1 --",
  "%00",
  "💥",
];
const odd = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...oddLeaves) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(...oddLeaves).map((leaf) => ({ a: leaf, b: [leaf] })) },
);

/** What each operation with a body takes, and an ordinary value of each property. */
const operations = (ids: Record<string, string>) => {
  const address = { first_name: "A", city: "B", country_code: "de", metadata: {} };
  const item = { variant_id: ids["variant"], quantity: 1 };
  const returned = { item_id: ids["line"], quantity: 1, reason_id: "rr", note: "n" };
  const cart = `/store/carts/${ids["cart"]}`;
  return {
    "/store/carts": {
      region_id: ids["region"],
      country_code: "de",
      items: [item],
      context: {},
      sales_channel_id: "sc",
    },
    [cart]: {
      region_id: ids["region"],
      country_code: "de",
      email: "a@example.com",
      billing_address: address,
      shipping_address: address,
      gift_cards: [{ code: "A" }],
      discounts: [{ code: "A" }],
      customer_id: "cus",
      context: {},
      sales_channel_id: "sc",
    },
    [`${cart}/line-items`]: { ...item, metadata: {} },
    [`${cart}/line-items/${ids["item"]}`]: { quantity: 1, metadata: {} },
    [`${cart}/shipping-methods`]: { option_id: "so", data: {} },
    [`${cart}/payment-session`]: { provider_id: "manual" },
    [`${cart}/payment-sessions/manual`]: { data: {} },
    "/store/customers": {
      first_name: "A",
      last_name: "B",
      email: "b@example.com",
      password: "",
      phone: "1",
    },
    "/store/customers/me": {
      billing_address: address,
      first_name: "A",
      phone: "1",
      metadata: {},
      email: "no mail",
    },
    "/store/customers/me/addresses": { address: { ...address, address_1: "C", postal_code: "1" } },
    "/store/customers/password-token": { email: "c@example.com" },
    "/store/customers/password-reset": { email: "c@example.com", token: "t", password: "p" },
    "/store/auth": { email: "c@example.com", password: "p" },
    "/store/auth/token": { email: "c@example.com", password: "p" },
    "/store/orders/batch/customer/token": { order_ids: ["order"] },
    "/store/orders/customer/confirm": { token: "a.b.c" },
    "/store/returns": {
      order_id: ids["order"],
      items: [returned],
      return_shipping: { option_id: "so" },
    },
    "/store/swaps": {
      order_id: ids["order"],
      return_items: [returned],
      additional_items: [item],
      return_shipping_option: "so",
    },
    [`${ids["collection"]}/sessions`]: { provider_id: "manual" },
    [`${ids["collection"]}/sessions/batch`]: {
      sessions: [{ provider_id: "manual", amount: 1, session_id: "ps" }],
    },
    [`${ids["collection"]}/sessions/batch/authorize`]: { session_ids: ["ps"] },
    "/store/products/search": { q: "kettle", limit: 1, offset: 0, filter: "x" },
  };
};

/** Returns the paths to every property of a body. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

function withValue(body: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(body) ? [...body] : { ...(body as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

/** Whatever stands in a body, the answer is never the server's failure. */
describe("odd values in bodies", () => {
  const shop = openShop();
  let requests: readonly (readonly [string, object, readonly string[]])[];
  let headers: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const setup = await aShopSetup(shop.knex);
    const cart = await aFilledCart(shop, setup);
    const order = await aShippedOrder(shop.knex);
    const line = await shop.knex("line_item").where({ cart_id: cart }).first();
    headers = asCustomer((await aCustomer(shop.knex)).id);
    const known = operations({
      cart,
      region: setup.regionId,
      variant: setup.variantId,
      item: line.id,
      order: order.id,
      line: order.lines[0]!,
      collection: (await aPaymentCollection(shop.knex, "manual")).path,
    });
    requests = Object.entries(known).flatMap(([path, body]) =>
      pathsOf(body).map((at) => [path, body, at] as const),
    );
  });

  const send = async (path: string, body: unknown, asked: object = {}) => {
    const response = await fetch(`${shop.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...asked },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.status, `${path} ${JSON.stringify(body).slice(0, 300)} ${text}`).toBeLessThan(
      500,
    );
  };

  it("are answered in words in every property of every body", async () => {
    for (const [path, body, at] of requests)
      for (const leaf of oddLeaves.slice(0, 13))
        await send(path, withValue(body, at, leaf), headers);
  });

  it("are answered in words whatever they are", async () => {
    const request = fc.integer({ min: 0, max: requests.length - 1 });
    await fc.assert(
      fc.asyncProperty(request, odd, fc.boolean(), async (index, value, isLoggedIn) => {
        const [path, body, at] = requests[index]!;
        await send(path, withValue(body, at, value), isLoggedIn ? headers : {});
      }),
      { numRuns: 300 },
    );
  });
});
