import { beforeAll, describe, expect, it } from "vitest";
import { catalogueTables } from "../../migrations/1440-catalogue-notifications.ts";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { entityNamed } from "../../src/graph/schema.ts";
import { walkPaths } from "../access/expandable-paths.ts";
import { asCustomer } from "../support/as-customer.ts";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";

/** They decide the context of a read, which is found each time. */
const OF_CONTEXT = [
  ...["cart", "customer", "customer_group_customers", "nettle_password_change", "nettle_session"],
];

describe("the tables that a catalogue read names", () => {
  const shop = openShop({
    fill: async (knex) => {
      await seedDemo(knex, { publicUrl: "http://localhost", log: () => undefined });
    },
  });
  const ids: Record<string, string> = {};
  let tables: ReadonlySet<string>;
  beforeAll(async () => {
    for (const table of ["product", "product_variant", "product_collection", "product_category"])
      ids[table] = (await shop.knex(table).orderBy("id").first("id")).id;
    ids["region"] = (await shop.knex("region").orderBy("id").first("id")).id;
    ids["return_reason"] = "rr_1";
    await shop.knex("return_reason").insert({ id: "rr_1", value: "big", label: "Too big" });
    tables = new Set(
      await shop.knex("pg_tables").where({ schemaname: "public" }).pluck("tablename"),
    );
  });
  const readBy = async (path: string) => {
    const statements = await countStatements(() => shop.get(path, asCustomer("cus_none")));
    const words = statements.flatMap((text) => text.match(/\b(?:from|join)\s+"?\w+/gi) ?? []);
    return words
      .map((found) => found.replace(/^\w+\s+"?/, ""))
      .filter((name) => tables.has(name) && !OF_CONTEXT.includes(name));
  };

  it.each([
    ["product", "/store/products"],
    ["product_variant", "/store/variants"],
    ["product_category", "/store/product-categories"],
    ["region", "/store/regions"],
  ])("notify of their changes: every relation of %s", async (root, path) => {
    const named = new Set<string>();
    await walkPaths(
      entityNamed(root),
      async (expand) => {
        for (const address of [path, `${path}/${ids[root]}`])
          for (const table of await readBy(`${address}?expand=${expand}`)) named.add(table);
        return shop.get(`${path}?expand=${expand}`);
      },
      () => undefined,
    );
    expect(named.size).toBeGreaterThan(1);
    expect([...named].filter((table) => !isNotified(table))).toEqual([]);
  });

  it.each([
    "q=a&order=price",
    "collection_id[]=a&type_id[]=b&tags[]=c&category_id[]=d&include_category_children=true",
    "sales_channel_id[]=a",
    "cart_id=none",
    "currency_code=eur&order=-price",
  ])("notify of their changes: products?%s", async (query) => {
    const named = await readBy(`/store/products?${query}`);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((table) => !isNotified(table))).toEqual([]);
  });

  it.each([
    ["product_collection", ["/store/collections?handle[]=a", "/store/collections/:id"]],
    [
      "product_tag",
      ["/store/product-tags?q=a", "/store/product-tags?discount_condition_id=discon_1"],
    ],
    [
      "product_type",
      ["/store/product-types?q=a", "/store/product-types?discount_condition_id=discon_1"],
    ],
    ["region", ["/store/regions?order=name", "/store/regions/:id"]],
    ["return_reason", ["/store/return-reasons", "/store/return-reasons/:id"]],
    [
      "shipping_option",
      ["/store/shipping-options?product_ids=a&is_return=false", "/store/shipping-options"],
    ],
  ])("are those that the routes of %s declare", async (root, paths) => {
    for (const path of paths) {
      const route = shop.routes.find(({ path: pattern }) => pattern === path.split("?")[0]);
      const declared = route?.catalogue;
      expect(declared).toBeInstanceOf(Set);
      const named = await readBy(path.replace(":id", ids[root] ?? ""));
      expect(named.length).toBeGreaterThan(0);
      const missing = named.filter((table) => declared !== true && !declared?.has(table));
      expect([path, missing]).toEqual([path, []]);
      expect(named.filter((table) => !isNotified(table))).toEqual([]);
    }
  });
});

function isNotified(table: string): boolean {
  return catalogueTables.some((name) => name === table);
}
