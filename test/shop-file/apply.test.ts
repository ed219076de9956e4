import { describe, expect, it } from "vitest";
import { aProduct } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { applyText } from "./apply-text.ts";

const europe = `
regions:
  - { name: Europe, currency: usd, countries: [de, fr], tax_rate: 19 }
`;

describe("applying a shop file", () => {
  const shop = openShop();
  const apply = (text: string) => applyText(shop.knex, text);
  const refusalOf = (text: string): Promise<string> =>
    apply(text).then(
      () => "",
      ({ message }: Error) => message,
    );
  const countOf = async (table: string) =>
    Number((await shop.knex(table).count().first())!["count"]);

  it("refuses names that nothing has, each with its line", async () => {
    const error = await refusalOf(`
regions:
  - { name: A, currency: eur, countries: [xx], tax_rate: 0, payment_providers: [manuel] }
discounts:
  - { code: ONE, type: fixed, value: 1, regions: [a], conditions: [{ products: [nothing] }] }
shipping_options:
  - { name: Post, region: A, price: 1, provider: pigeon }
`);
    expect(error.split("\n")).toEqual([
      'shop.yaml:3: currency: there is no currency "eur"',
      'shop.yaml:3: payment_providers: there is no payment provider "manuel": ' +
        'did you mean "manual"?',
      'shop.yaml:3: countries: there is no country "xx"',
      'shop.yaml:7: provider: the region "A" has no fulfillment provider "pigeon"',
      'shop.yaml:5: regions: there is no region "a": did you mean "A"?',
      'shop.yaml:5: products: there is no product "nothing"',
    ]);
    expect(await countOf("region")).toBe(0);
  });

  it.each([
    [
      "an entry twice",
      "customer_groups: [{ name: A }, { name: A }]",
      'customer group "A" stands here twice',
    ],
    [
      "a country in two regions",
      `${europe}  - { name: B, currency: usd, countries: [fr], tax_rate: 0 }`,
      'fr belongs to the region "B" too',
    ],
    [
      "a percentage above 100",
      `${europe}discounts: [{ code: A, type: percentage, value: 101, regions: [Europe] }]`,
      "a percentage is 100 at most",
    ],
    [
      "a discount without a value",
      `${europe}discounts: [{ code: A, type: fixed, regions: [Europe] }]`,
      'a fixed discount needs a "value"',
    ],
    [
      "an end before the start",
      `${europe}discounts:
  - { code: A, type: free_shipping, regions: [Europe],
      starts_at: 2026-02-02, ends_at: 2026-02-01 }`,
      "it ends before it starts",
    ],
    [
      "a minimum above the maximum",
      `${europe}shipping_options:
  - { name: A, region: Europe, price: 1, min_subtotal: 2, max_subtotal: 1 }`,
      "max_subtotal is less than min_subtotal",
    ],
  ])("refuses %s", async (_, text, message) => {
    const error = await refusalOf(text);
    expect(error).toContain(message);
    expect(await countOf("region")).toBe(0);
  });

  it("updates what the file names, keeps other keys, and leaves the rest alone", async () => {
    await apply(`${europe}
discounts:
  - { code: summer, description: Sun, type: percentage, value: 10, regions: [Europe],
      usage_limit: 5 }
  - { code: WINTER, type: free_shipping, regions: [Europe] }
`);
    const out = await apply(`
discounts:
  - { code: SUMMER, type: percentage, value: 15, regions: [Europe] }
`);
    expect(out).toContain("~ discount SUMMER: value 10 → 15\n");
    expect(out).toMatch(/^ {2}discount: WINTER$/m);
    expect(out).toContain('  region: "Europe"\n');
    const summer = await shop.knex("discount").where({ code: "SUMMER" }).first();
    expect(summer).toMatchObject({ usage_limit: 5, usage_count: 0, is_dynamic: false });
    const rule = await shop.knex("discount_rule").where({ id: summer.rule_id }).first();
    expect(rule).toMatchObject({ value: 15, description: "Sun", allocation: "total" });
  });

  it("keeps the type of a discount and the value of a gift card", async () => {
    await apply("gift_cards: [{ code: CARD-1, value: 500, region: Europe }]");
    const error = await refusalOf(`
gift_cards: [{ code: CARD-1, value: 900, region: Europe }]
discounts: [{ code: SUMMER, type: free_shipping, regions: [Europe] }]
`);
    expect(error).toContain("it was issued with 500");
    expect(error).toContain("it is percentage and stays so");
    expect(await shop.knex("gift_card").first()).toMatchObject({
      value: 500,
      balance: 500,
      tax_rate: 19,
    });
  });

  it("changes lists: conditions, requirements, links and prices", async () => {
    await aProduct(shop.knex, { handle: "cup", variants: [{ sku: "CUP" }] });
    await aProduct(shop.knex, { handle: "pot", variants: [{ sku: "POT" }] });
    const text = (products: string, minimum: string, prices: string) => `
shipping_options:
  - { name: Post, region: Europe, price: 500, min_subtotal: ${minimum} }
tax_rates:
  - { name: Low, region: Europe, rate: 7, code: L, products: ${products}, shipping_options: [Post] }
price_lists:
  - { name: Sale, type: sale, prices: ${prices} }
discounts:
  - code: WINTER
    type: free_shipping
    regions: [Europe]
    conditions: [{ products: ${products} }]
`;
    await apply(text("[cup]", "100", "[{ sku: CUP, currency: usd, amount: 5 }]"));
    const [price] = await shop.knex("money_amount").where({ amount: 5 });
    const out = await apply(
      text(
        "[pot, cup]",
        "null",
        "[{ sku: CUP, currency: usd, amount: 6 }, { sku: POT, region: Europe, amount: 7 }]",
      ),
    );
    expect(out).toContain('~ shipping option "Post" in "Europe": min_subtotal 100 → none\n');
    expect(out).toContain('~ tax rate "Low" in "Europe": products + pot\n');
    expect(out).toContain('~ price list "Sale": prices + CUP 6 usd, POT 7 Europe - CUP 5 usd\n');
    expect(await shop.knex("money_amount").where({ id: price.id }).first("amount")).toEqual({
      amount: 6,
    });
    const reduced = await apply(text("[]", "null", "[]"));
    expect([
      await countOf("discount_condition_product"),
      await countOf("product_tax_rate"),
    ]).toEqual([0, 0]);
    expect(await shop.knex("money_amount").whereNotNull("price_list_id")).toEqual([]);
    expect(reduced).toContain("prices - CUP 6 usd, POT 7 Europe");
  });

  it("tells a new name of a tax rate from a new rate by its code", async () => {
    const out = await apply("tax_rates: [{ name: Reduced, region: Europe, rate: 7, code: L }]");
    expect(out).toContain('~ tax rate "Reduced" in "Europe": name Low → Reduced\n');
  });

  it("lets a country move from one region to another", async () => {
    const out = await apply(`
regions:
  - { name: France, currency: usd, countries: [fr], tax_rate: 20 }
  - { name: Europe, currency: usd, countries: [de], tax_rate: 19 }
`);
    expect(out).toContain('~ region "Europe": countries - fr\n');
    const rows = await shop.knex("country").whereNotNull("region_id").orderBy("iso_2");
    const names = new Map((await shop.knex("region")).map(({ id, name }) => [id, name]));
    expect(rows.map((row) => [row.iso_2, names.get(row.region_id)])).toEqual([
      ["de", "Europe"],
      ["fr", "France"],
    ]);
  });

  it("refuses what has changed since it was shown", async () => {
    const text = europe.replace("19", "21").replace("[de, fr]", "[de]");
    const meanwhile = () => shop.knex("region").where({ name: "Europe" }).update({ tax_rate: 20 });
    await expect(applyText(shop.knex, text, meanwhile)).rejects.toThrow(
      "Nothing was changed: the shop has changed since the plan was made.",
    );
    expect(await shop.knex("region").where({ name: "Europe" }).first()).toMatchObject({
      tax_rate: 20,
    });
  });

  it("refuses a name that two rows have", async () => {
    const [row] = await shop.knex("region").where({ name: "France" });
    await shop.knex("region").insert({ ...row, id: "reg_second" });
    const error = await refusalOf(europe.replace("Europe", "France").replace("[de, fr]", "[]"));
    expect(error).toBe('shop.yaml:3: regions: the shop has 2 of region "France"');
    await shop.knex("region").where({ id: "reg_second" }).delete();
  });

  it("refuses a code that a row has which is no entry of a file", async () => {
    await shop.knex("discount").where({ code: "WINTER" }).update({ is_dynamic: true });
    const error = await refusalOf(`
discounts:
  - { code: NEW, type: fixed, value: 1, regions: [Europe] }
  - { code: WINTER, type: fixed, value: 1, regions: [Europe] }
`);
    expect(error).toContain("Nothing was changed: the discount WINTER cannot be written");
    expect(await shop.knex("discount").where({ code: "NEW" })).toEqual([]);
    await shop.knex("discount").where({ code: "WINTER" }).update({ is_dynamic: false });
  });
});
