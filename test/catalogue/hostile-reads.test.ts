import { beforeAll, describe, expect, it } from "vitest";
import {
  aProduct,
  aProductCategory,
  aProductCollection,
  aProductTag,
  aProductType,
  aShippingOption,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

const lists = [
  "variants",
  "collections",
  "product-categories",
  "product-tags",
  "product-types",
  "return-reasons",
  "shipping-options",
];
const singles = ["variants", "collections", "product-categories", "return-reasons", "gift-cards"];

const parameters = [
  "id",
  "ids",
  "q",
  "title",
  "value",
  "handle",
  "inventory_quantity",
  "parent_category_id",
  "include_descendants_tree",
  "sales_channel_id",
  "cart_id",
  "region_id",
  "currency_code",
  "product_ids",
  "is_return",
  "discount_condition_id",
  "created_at",
  "updated_at",
  "order",
  "limit",
  "offset",
  "expand",
  "fields",
];

const spellings = [
  "=",
  "=-1",
  "=0",
  "=2.5",
  "=1e400",
  "=99999999999999999999",
  "=NaN",
  "=%00",
  "=%5C",
  "=%25_%5C",
  "='%22;--",
  "=%F0%9F%AB%96",
  "=__proto__",
  "=constructor",
  "=toString,hasOwnProperty",
  "=products.products.products.products.products.products",
  "=parent_category.parent_category.parent_category",
  "=-,%2B,*",
  "=null",
  "[]=a&P[]=b",
  "[]",
  "[0][a]=1&P[1][a]=2",
  "[a]=1",
  "[gt]=",
  "[gt]=x",
  "[gt]=1e308&P[lt]=-1e308",
  "[gt][]=1",
  "[lt]=275760-09-13",
  "[contains]=%25%5C",
  "[ends_with]=%5C%5C%5C",
  "[starts_with]=%00",
  "[__proto__]=1",
  "[toString]=1",
  "[a][b][c][d][e][f][g]=1",
];

describe("hostile catalogue reads", () => {
  const shop = openShop();
  beforeAll(async () => {
    await aShippingOption(shop.knex);
    const category = await aProductCategory(shop.knex);
    await aProductCategory(shop.knex, { parent: category });
    await aProduct(shop.knex, {
      categories: [category.id],
      tags: [(await aProductTag(shop.knex)).id],
    });
    await aProductType(shop.knex);
    await aProductCollection(shop.knex);
  });

  it.each(lists)(
    "/store/%s answers or refuses every spelling of every parameter",
    async (resource) => {
      for (const name of parameters) {
        for (const spelling of spellings) {
          const query = `${name}${spelling.replaceAll("P", name)}`;
          const answer = await shop.get(`/store/${resource}?${query}`);
          expect([200, 400, 404], `${query}: ${answer.text.slice(0, 200)}`).toContain(
            answer.status,
          );
          if (answer.status !== 200) expect(answer.body.message.length, query).toBeGreaterThan(0);
        }
      }
    },
  );

  it.each(singles)("/store/%s/:id answers 404 or 400 to malformed ids", async (resource) => {
    const ids = [
      "%00",
      "%FF",
      "%",
      "__proto__",
      "constructor",
      "'%22;--",
      "%5C",
      "%F0%9F%AB%96",
      "a".repeat(3000),
      "null",
      "undefined",
      "-1",
    ];
    for (const id of ids) {
      const { status, body } = await shop.get(`/store/${resource}/${id}`);
      expect([400, 404], id.slice(0, 20)).toContain(status);
      expect(body.message.length).toBeGreaterThan(0);
    }
  });

  it.each(["variants", "product-categories"])(
    "/store/%s/:id refuses relations that may not be expanded",
    async (resource) => {
      for (const path of [
        "product.variants.prices",
        "products.variants.prices",
        "category_children.products",
        "a.b.c.d.e.f.g.h",
      ])
        expect((await shop.get(`/store/${resource}/x?expand=${path}`)).status, path).toBe(400);
    },
  );

  it("a parameter with more than a thousand values is refused", async () => {
    const many = Array.from({ length: 1001 }, () => "id=a").join("&");
    expect((await shop.get(`/store/product-tags?${many}`)).status).toBe(400);
  });
});
