import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { cart } from "../../src/graph/entities/cart-entities.ts";
import { product } from "../../src/graph/entities/catalogue-entities.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { backendMemory } from "./backend-memory.ts";
import { cartPaths, someOf } from "./random-paths.ts";

const MB = 1024 * 1024;
const REQUESTS = 400;
const FIRST_REQUESTS = 200;
/** Caches take 26 MB at the most, as seen on busy machines. Kept plans took 350 MB and more. */
const MAX_GROWTH = 96 * MB;

/**
 * What clients make up leaves nothing behind in the database's connections. Each keeps the plans of
 * its prepared statements for as long as it lives, in memory that all share.
 */
describe.runIf(existsSync("/proc/self/status"))("requests that no other resembles", () => {
  const shop = openShop();
  let at: string;
  const paths = cartPaths();
  const columns = Object.keys(cart.columns);
  const productColumns = Object.keys(product.columns);
  beforeAll(async () => {
    at = `/store/carts/${await aFilledCart(shop, await aShopSetup(shop.knex))}`;
  });

  const grown = async (pathOf: (number: number) => string) => {
    const ask = async (number: number) => {
      const { status, text } = await shop.get(pathOf(number));
      if (status !== 200) throw new Error(text);
    };
    // The pool's connections open, and their caches of tables and functions fill, each by itself.
    for (let number = 0; number < FIRST_REQUESTS; number += 4)
      await Promise.all([0, 1, 2, 3].map((more) => ask(-1 - number - more)));
    const before = await backendMemory(shop.knex);
    for (let number = 0; number < REQUESTS; number += 4)
      await Promise.all([0, 1, 2, 3].map((more) => ask(number + more)));
    return (await backendMemory(shop.knex)) - before;
  };

  const filters = [
    "title=a",
    "handle=b",
    "is_giftcard=false",
    "tags[]=x",
    "type_id[]=x",
    "collection_id[]=x",
    "created_at[gt]=2020-01-01",
    "updated_at[lt]=2090-01-01",
    "q=x",
    "limit=3",
    "offset=1",
  ];

  it.each([
    ["expand", (n: number) => `${at}?expand=${someOf(paths, 12, n)}`],
    ["fields", (n: number) => `${at}?fields=${someOf(columns, 12, n)}`],
    [
      "fields and expand",
      (n: number) => `${at}?fields=${someOf(columns, 9, n)}&expand=${someOf(paths, 9, n)}`,
    ],
    ["fields of products", (n: number) => `/store/products?fields=${someOf(productColumns, 9, n)}`],
    ["filters of products", (n: number) => `/store/products?${someOf(filters, 6, n).join("&")}`],
  ])("leave the database's memory as it was: %s", async (_, pathOf) => {
    expect(await grown(pathOf)).toBeLessThan(MAX_GROWTH);
  });
});
