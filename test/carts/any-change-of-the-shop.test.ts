import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aDiscount,
  aPrice,
  aPriceList,
  aProduct,
  aProductCollection,
  aRegion,
  aShippingOption,
  aTaxRate,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

interface ShownLine {
  readonly id: string;
  readonly variant_id: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly adjustments: readonly { readonly amount: number }[];
  readonly total: number;
}

const NEIGHBOURS_PRICE = 17;
const yesterday = new Date(Date.now() - 86_400_000);
const tomorrow = new Date(Date.now() + 86_400_000);

/** What the shop changes in its back office while a cart lies there, and how a shopper goes on. */
const SHOP_CHANGES = [
  "saleEnds",
  "saleStartsLater",
  "saleIsADraft",
  "saleIsAnOverride",
  "saleForAGroup",
  "regionPrice",
  "bulkPrice",
  "codeEnded",
  "codeStartsLater",
  "codeUsedUp",
  "codeWithoutRegion",
  "codeForAGroup",
  "codeForNewcomers",
  "codeForACollection",
  "codeForNoCollection",
  "customerLeaves",
  "notDiscountable",
  "productTax",
  "regionTax",
  "shippingTax",
] as const;
/** Those after which a code may not be posted any more. */
const CODE_CHANGES = [
  "codeEnded",
  "codeStartsLater",
  "codeUsedUp",
  "codeWithoutRegion",
  "codeForAGroup",
  "codeForNewcomers",
  "customerLeaves",
] as const;
const NEXT_REQUESTS = ["context", "line", "newLine", "ship", "code", "region", "sessions"] as const;

describe("whatever a shop changes while a cart lies there", () => {
  const shop = openShop();
  const ids = { ada: "", group: "", region: "", other: "", option: "", list: "", code: "" };
  const variants: string[] = [];
  const products: string[] = [];
  let collection: string;

  /** A new shop for each run: one region, its neighbour with the same currency, one code. */
  async function open(kind: "percentage" | "fixed", includes_tax: boolean) {
    const region = { tax_rate: 19, includes_tax };
    ids.region = (await aRegion(shop.knex, region)).id;
    ids.other = (await aRegion(shop.knex, region)).id;
    ids.option = (await aShippingOption(shop.knex, { region_id: ids.region, amount: 490 })).id;
    ids.ada = (await aCustomer(shop.knex)).id;
    ids.group = (await aCustomerGroup(shop.knex, { customers: [ids.ada] })).id;
    ids.list = (await aPriceList(shop.knex)).id;
    collection = (await aProductCollection(shop.knex)).id;
    variants.length = 0;
    products.length = 0;
    for (const amount of [999, 1501, 333]) {
      const product = await aProduct(shop.knex, {
        collection_id: products.length === 0 ? collection : null,
        variants: [
          {
            inventory_quantity: 1_000_000,
            prices: [
              { amount },
              { amount: amount - 51, min_quantity: 3, max_quantity: 5 },
              { amount: amount - 101, price_list_id: ids.list },
              { amount: NEIGHBOURS_PRICE, region_id: ids.other },
            ],
          },
        ],
      });
      products.push(product.id);
      variants.push(product.variants[0]!.id);
    }
    ids.code = (
      await aDiscount(shop.knex, {
        type: kind,
        value: kind === "fixed" ? 1003 : 13,
        regions: [ids.region, ids.other],
      })
    ).code;
  }
  const list = (columns: object) => shop.knex("price_list").where({ id: ids.list }).update(columns);
  const code = (columns: object) => shop.knex("discount").where({ code: ids.code }).update(columns);
  const discount = async () => shop.knex("discount").where({ code: ids.code }).first();
  async function limitCode(type: string, operator: string, table: string, column: object) {
    const { rule_id: discount_rule_id } = await discount();
    const id = `discon_${discount_rule_id}_${type}_${operator}`;
    const row = { id, type, operator, discount_rule_id };
    await shop.knex("discount_condition").insert(row).onConflict().ignore();
    const joined = { condition_id: id, ...column };
    await shop.knex(table).insert(joined).onConflict().ignore();
  }
  const byCollection = (operator: string) =>
    limitCode("product_collections", operator, "discount_condition_product_collection", {
      product_collection_id: collection,
    });
  const byGroup = (operator: string) =>
    limitCode("customer_groups", operator, "discount_condition_customer_group", {
      customer_group_id: ids.group,
    });
  const CHANGES: Record<(typeof SHOP_CHANGES)[number], () => Promise<unknown>> = {
    saleEnds: () => list({ ends_at: yesterday }),
    saleStartsLater: () => list({ starts_at: tomorrow }),
    saleIsADraft: () => list({ status: "draft" }),
    saleIsAnOverride: () => list({ type: "override" }),
    saleForAGroup: () =>
      shop
        .knex("price_list_customer_groups")
        .insert({ price_list_id: ids.list, customer_group_id: ids.group })
        .onConflict()
        .ignore(),
    regionPrice: () =>
      aPrice(shop.knex, { variant_id: variants[0]!, amount: 700, region_id: ids.region }),
    bulkPrice: () => aPrice(shop.knex, { variant_id: variants[1]!, amount: 600, min_quantity: 4 }),
    codeEnded: () => code({ ends_at: yesterday }),
    codeStartsLater: () => code({ starts_at: tomorrow }),
    codeUsedUp: () => code({ usage_limit: 1, usage_count: 1 }),
    codeWithoutRegion: async () =>
      shop
        .knex("discount_regions")
        .where({ discount_id: (await discount()).id, region_id: ids.region })
        .delete(),
    codeForAGroup: () => byGroup("in"),
    codeForNewcomers: () => byGroup("not_in"),
    codeForACollection: () => byCollection("in"),
    codeForNoCollection: () => byCollection("not_in"),
    customerLeaves: () =>
      shop.knex("customer_group_customers").where({ customer_id: ids.ada }).delete(),
    notDiscountable: () =>
      shop.knex("product").where({ id: products[0] }).update({ discountable: false }),
    productTax: () =>
      aTaxRate(shop.knex, { region_id: ids.region, rate: 7, products: [products[0]!] }),
    regionTax: () => shop.knex("region").where({ id: ids.region }).update({ tax_rate: 25 }),
    shippingTax: () =>
      aTaxRate(shop.knex, { region_id: ids.region, rate: 5, shipping_options: [ids.option] }),
  };

  const post = async (path: string, body: object, headers: Record<string, string>) => {
    const answer = await shop.post(`/store/carts${path}`, body, headers);
    expect(answer.status, `${path} ${answer.text}`).toBe(200);
    return answer.body.cart;
  };
  type Headers = Record<string, string>;
  const emailOf = (headers: Headers) =>
    Object.keys(headers).length > 0 ? {} : { email: "gro@example.com" };
  const resume = {
    context: (path: string, headers: Headers) => post(path, { context: { page: "cart" } }, headers),
    line: async (path: string, headers: Headers) => {
      const [line] = (await shop.get(`/store/carts${path}`)).body.cart.items;
      return post(`${path}/line-items/${line.id}`, { quantity: line.quantity }, headers);
    },
    newLine: (path: string, headers: Headers) =>
      post(`${path}/line-items`, { variant_id: variants[2], quantity: 1 }, headers),
    ship: (path: string, headers: Headers) =>
      post(`${path}/shipping-methods`, { option_id: ids.option }, headers),
    code: async (path: string, headers: Headers) =>
      (await shop.delete(`/store/carts${path}/discounts/NONE`, headers)).body.cart,
    region: (path: string, headers: Headers) => post(path, { region_id: ids.region }, headers),
    sessions: (path: string, headers: Headers) => post(`${path}/payment-sessions`, {}, headers),
  };

  const shown = (cart: Record<string, unknown> & { items: ShownLine[] }) => ({
    sums: ["subtotal", "discount_total", "shipping_total", "tax_total", "total"].map(
      (name) => cart[name],
    ),
    lines: cart.items
      .map(({ variant_id, quantity, unit_price, adjustments, total }) => [
        variant_id,
        quantity,
        unit_price,
        adjustments.map(({ amount }) => amount),
        total,
      ])
      .toSorted((one, other) => String(one).localeCompare(String(other))),
  });

  /** Makes the same cart in one request, with those codes that can be posted now. */
  async function anEqualCart(
    cart: { items: ShownLine[]; shipping_methods: object[] },
    headers: Headers,
  ) {
    const items = cart.items.map(({ variant_id, quantity }) => ({ variant_id, quantity }));
    const { id } = await post("", { region_id: ids.region, items }, headers);
    await post(`/${id}`, emailOf(headers), headers);
    await shop.post(`/store/carts/${id}`, { discounts: [{ code: ids.code }] }, headers);
    if (cart.shipping_methods.length > 0)
      await post(`/${id}/shipping-methods`, { option_id: ids.option }, headers);
    return (await shop.get(`/store/carts/${id}`)).body.cart;
  }

  const anyQuantities = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
  it("the next request shows, and the order costs, what an equal cart costs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("percentage" as const, "fixed" as const),
        fc.boolean(),
        fc.boolean(),
        anyQuantities,
        fc.subarray([...SHOP_CHANGES], { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...NEXT_REQUESTS),
        async (kind, includesTax, isAda, quantities, changes, next) => {
          await open(kind, includesTax);
          const headers: Headers = isAda ? asCustomer(ids.ada) : {};
          const { id } = await post("", { region_id: ids.region }, headers);
          for (const [index, quantity] of quantities.entries())
            await post(`/${id}/line-items`, { variant_id: variants[index], quantity }, headers);
          await post(`/${id}`, { ...emailOf(headers), discounts: [{ code: ids.code }] }, headers);
          await post(`/${id}/shipping-methods`, { option_id: ids.option }, headers);
          await post(`/${id}/payment-sessions`, {}, headers);
          for (const change of changes) await CHANGES[change]();

          const cart = await resume[next](`/${id}`, headers);
          for (const { unit_price } of cart.items) expect(unit_price).not.toBe(NEIGHBOURS_PRICE);
          const equal = await anEqualCart(cart, headers);
          expect(shown(cart)).toEqual(shown(equal));
          expect(cart.discounts.map((each: { code: string }) => each.code)).toEqual(
            equal.discounts.map((each: { code: string }) => each.code),
          );
          if (cart.shipping_methods.length === 0)
            await post(`/${id}/shipping-methods`, { option_id: ids.option }, headers);
          const { total } = await post(`/${id}/payment-sessions`, {}, headers);
          const { body } = await shop.post(`/store/carts/${id}/complete`, {}, headers);
          expect(body).toMatchObject({ type: "order", data: { total } });
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  }, 180_000);

  it("no code is in an order that could not be posted now, whoever completes it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("percentage" as const, "fixed" as const),
        fc.boolean(),
        fc.boolean(),
        fc.uniqueArray(fc.constantFrom(...CODE_CHANGES), { maxLength: 2 }),
        async (kind, isAdas, isCompletedByAda, changes) => {
          await open(kind, false);
          const headers: Headers = isAdas ? asCustomer(ids.ada) : {};
          const items = [{ variant_id: variants[0], quantity: 2 }];
          const { id } = await post("", { region_id: ids.region, items }, headers);
          await post(`/${id}`, { ...emailOf(headers), discounts: [{ code: ids.code }] }, headers);
          const { total } = await post(`/${id}/payment-sessions`, {}, headers);
          for (const change of changes) await CHANGES[change]();

          const payer: Headers = isAdas || isCompletedByAda ? asCustomer(ids.ada) : {};
          const { id: other } = await post("", { region_id: ids.region, items }, payer);
          await post(`/${other}`, emailOf(payer), payer);
          const discounts = [{ code: ids.code }];
          const posted = await shop.post(`/store/carts/${other}`, { discounts }, payer);
          const completed = await shop.post(`/store/carts/${id}/complete`, {}, payer);
          if (posted.status === 200) {
            expect(completed.body).toMatchObject({ type: "order", data: { total } });
            return;
          }
          expect(completed.status, completed.text).toBe(400);
          expect(await shop.knex("payment").where({ cart_id: id })).toEqual([]);
          await post(`/${id}/payment-sessions`, {}, payer);
          const again = await shop.post(`/store/carts/${id}/complete`, {}, payer);
          expect(again.body).toMatchObject({ type: "order", data: { discounts: [] } });
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  }, 180_000);
});
