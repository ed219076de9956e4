import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { aProduct, aRegion, aTaxRate } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type MedusaProgram, openMedusa, secrets } from "./medusa-program.ts";

/** What the tests read of a difference. */
interface Finding {
  readonly path: string;
  readonly medusa: unknown;
  readonly nettle: unknown;
  readonly example: string;
  readonly name?: string;
  readonly reason?: string;
}

describe("`nettle compare` between a Medusa and a Nettle on a copy of its database", () => {
  let program: NettleProgram;
  let original: TestDatabase;
  let copy: TestDatabase;
  let medusa: MedusaProgram;
  let servers: string;
  let shop: Awaited<ReturnType<typeof fill>>;

  beforeAll(async () => {
    program = buildProgram();
    original = await openDatabase();
    shop = await fill(original.knex);
    await original.knex.destroy();
    copy = await openDatabase({ copyOf: original });
    const redisUrl = inject("redisUrl");
    medusa = openMedusa({ home: inject("medusaHome"), databaseUrl: original.url, redisUrl });
    const { url } = await medusa.start();
    const nettle = await program.serve({
      ...{ DATABASE_URL: copy.url, REDIS_URL: redisUrl, NETTLE_ADOPT: "on", RATE_LIMIT: "off" },
      ...{ JWT_SECRET: secrets.jwt, COOKIE_SECRET: secrets.cookie },
    });
    servers = `--medusa ${url} --nettle ${nettle.url}`;
  });
  afterAll(async () => {
    program?.remove();
    await medusa?.remove();
    await copy?.drop();
    await original?.drop();
  });
  beforeEach(async () => {
    await copy.knex("money_amount").where({ id: shop.price }).update({ amount: 2000 });
    await copy.knex("tax_rate").update({ rate: 7 });
    await copy.knex("product_tax_rate").update({ product_id: shop.book.id });
  });

  const compare = async () => {
    const { code, out, error } = await program.run(`compare ${servers} --json`, {});
    if (!out) throw new Error(error);
    const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
    const deliberate = findings.filter(({ name }) => name);
    const wrong = findings.filter(({ name }) => !name);
    return { code, deliberate, wrong };
  };
  /** The values that differ in one product's page, by their paths. */
  const onPageOf = (id: string, findings: readonly Finding[]) =>
    Object.fromEntries(
      findings
        .filter(({ example }) => example.startsWith(`/store/products/${id}?`))
        .map(({ path, medusa: theirs, nettle: ours }) => [path, [theirs, ours]]),
    );

  it("names the rates that Medusa shows of another product, and accepts them", async () => {
    const { code, deliberate, wrong } = await compare();
    expect([code, wrong]).toEqual([0, []]);
    expect(deliberate).toContainEqual(
      expect.objectContaining({
        name: "rates-of-other-products",
        reason: expect.stringContaining("applies the tax rates of one product to all"),
        path: "products[*].variants[*].tax_rates[*].rate",
      }),
    );
  });

  it("reports the price of one product among others", async () => {
    await copy.knex("money_amount").where({ id: shop.price }).update({ amount: 2100 });
    const { code, wrong } = await compare();
    expect(code).toBe(1);
    expect(onPageOf(shop.kettle.id, wrong)).toEqual({
      "product.variants[*].prices[*].amount": [2000, 2100],
      "product.variants[*].original_price": [2000, 2100],
      "product.variants[*].calculated_price": [2000, 2100],
      "product.variants[*].original_price_incl_tax": [2380, 2499],
      "product.variants[*].calculated_price_incl_tax": [2380, 2499],
      "product.variants[*].original_tax": [380, 399],
      "product.variants[*].calculated_tax": [380, 399],
    });
    expect(onPageOf(shop.book.id, wrong)).toEqual({});
    // The same in the lists, where Medusa's own fault with rates must not hide it.
    expect(wrong).toContainEqual(
      expect.objectContaining({
        path: "products[*].variants[*].calculated_price",
        example: `/store/products?limit=12&region_id=${shop.region.id}`,
      }),
    );
  });

  it("reports the tax rate of one product", async () => {
    await copy.knex("tax_rate").update({ rate: 8 });
    const { code, wrong } = await compare();
    expect(code).toBe(1);
    expect(onPageOf(shop.book.id, wrong)).toEqual({
      "product.variants[*].tax_rates[*].rate": [7, 8],
      "product.variants[*].original_price_incl_tax": [1070, 1080],
      "product.variants[*].calculated_price_incl_tax": [1070, 1080],
      "product.variants[*].original_tax": [70, 80],
      "product.variants[*].calculated_tax": [70, 80],
    });
    expect(onPageOf(shop.kettle.id, wrong)).toEqual({});
  });

  it("reports a rate that the wrong product has, as its page shows", async () => {
    await copy.knex("product_tax_rate").update({ product_id: shop.kettle.id });
    const { code, wrong } = await compare();
    expect(code).toBe(1);
    const rates = "product.variants[*].tax_rates[*].rate";
    expect(wrong.filter(({ path }) => path === rates)).toHaveLength(1);
    expect(Object.keys(onPageOf(shop.kettle.id, wrong))).toContain(rates);
  });
});

/** Two products, of which one has a rate of its own. */
async function fill(knex: Knex) {
  const region = await aRegion(knex);
  const book = await aProduct(knex);
  const kettle = await aProduct(knex, {
    variants: [{ prices: [{ id: "ma_kettle", amount: 2000 }] }],
  });
  await aTaxRate(knex, { region_id: region.id, rate: 7, products: [book.id] });
  return { region, book, kettle, price: "ma_kettle" };
}
