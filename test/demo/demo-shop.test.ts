import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import bcrypt from "bcrypt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoPicturesDirectory } from "../../src/demo/demo-pictures-directory.ts";
import { type SeededDemo, seedDemo } from "../../src/demo/seed-demo.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

describe("the demo shop", () => {
  let shop: TestDatabase;
  let seeded: SeededDemo;
  beforeAll(async () => {
    shop = await openDatabase();
    seeded = await seedDemo(shop.knex, { publicUrl: "http://shop.test:9000/", log: () => {} });
  });
  afterAll(() => shop.drop());

  const read = async (sql: string) => (await shop.knex.raw(sql)).rows;

  it("has 40 published products in the default channel, created over the past weeks", async () => {
    const products = await read(`
      select p.*, (select count(*)::int from product_images i where i.product_id = p.id) as pictures
      from product p join product_sales_channel sc on sc.product_id = p.id
      join store s on s.default_sales_channel_id = sc.sales_channel_id
      where p.status = 'published' and p.deleted_at is null`);
    expect(products.length).toBe(40);
    expect(new Set(products.map((product: { handle: string }) => product.handle)).size).toBe(40);
    expect(
      new Set(products.map((product: { created_at: string }) => product.created_at)).size,
    ).toBe(40);
    for (const product of products) {
      expect(product.handle).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(product.pictures).toBe(2);
      expect(Date.parse(product.created_at)).toBeLessThan(Date.now());
    }
  });

  it("has exactly the picture files that its rows name", async () => {
    const images = await read("select url from image union select thumbnail from product");
    const begin = "http://shop.test:9000/demo/pictures/";
    const wanted = images.map(({ url }: { url: string }) => {
      expect(url.startsWith(begin)).toBe(true);
      return url.slice(begin.length);
    });
    const files = readdirSync(demoPicturesDirectory()).filter((file) => file.endsWith(".webp"));
    expect(files.sort()).toEqual(wanted.sort());
    for (const file of files)
      expect(statSync(join(demoPicturesDirectory(), file)).size).toBeLessThan(20_000);
  });

  it("has one price per variant and currency", async () => {
    const [{ variants }] = await read("select count(*)::int as variants from product_variant");
    const prices = await read(`
      select m.currency_code, count(*)::int as prices,
        count(distinct l.variant_id)::int as variants, min(m.amount) as lowest
      from money_amount m join product_variant_money_amount l on l.money_amount_id = m.id
      where m.price_list_id is null group by 1 order by 1`);
    expect(prices.map((price: { currency_code: string }) => price.currency_code)).toEqual([
      "eur",
      "gbp",
      "jpy",
      "usd",
    ]);
    for (const price of prices) expect(price).toMatchObject({ prices: variants, variants });
    expect(
      prices.find((price: { currency_code: string }) => price.currency_code === "jpy").lowest,
    ).toBe(2100);
    expect(
      await read(
        "select currency_code from region except select currency_code from store_currencies",
      ),
    ).toEqual([]);
  });

  it("has one shipping profile per product", async () => {
    expect(
      await read(
        "select p.id from product p left join product_shipping_profile x on x.product_id = p.id " +
          "group by 1 having count(x.*) <> 1",
      ),
    ).toEqual([]);
  });

  it("has one value per option and variant", async () => {
    expect(
      await read(`
        select v.id from product_variant v join product_option o on o.product_id = v.product_id
        left join product_option_value ov on ov.option_id = o.id and ov.variant_id = v.id
        group by v.id, o.id having count(ov.id) <> 1`),
    ).toEqual([]);
  });

  it("has consecutive ranks of variants", async () => {
    expect(
      await read(`
        select product_id from product_variant group by product_id
        having min(variant_rank) <> 0 or max(variant_rank) <> count(distinct variant_rank) - 1
          or count(*) <> count(distinct variant_rank)`),
    ).toEqual([]);
  });

  it("has variants that are sold out, low in stock and backordered", async () => {
    const [stock] = await read(`
      select count(*) filter (
          where inventory_quantity = 0 and manage_inventory and not allow_backorder
        )::int as sold_out,
        count(*) filter (where inventory_quantity between 1 and 5)::int as low,
        count(*) filter (where allow_backorder)::int as backorder, count(barcode)::int as barcodes
      from product_variant`);
    for (const count of Object.values(stock)) expect(count).toBeGreaterThan(0);
  });

  it("has a category tree with correct paths", async () => {
    const categories = await read("select * from product_category");
    const roots = categories.filter(
      (category: { parent_category_id: string | null }) => !category.parent_category_id,
    );
    expect(roots.length).toBe(3);
    for (const { id, parent_category_id, mpath } of categories) {
      const parent = categories.find(
        (category: { id: string }) => category.id === parent_category_id,
      );
      expect(mpath).toBe(`${parent?.mpath ?? ""}${id}.`);
    }
  });

  it("has a category for every product, and products in every category", async () => {
    expect(
      await read(
        "select handle from product p left join product_category_product c on c.product_id = " +
          "p.id where c.product_id is null",
      ),
    ).toEqual([{ handle: "gift-card" }]);
    const empty = await read(`
      select handle from product_category c where parent_category_id is not null
        and not exists (select from product_category_product p where p.product_category_id = c.id)
      union select handle from product_collection c
        where not exists (select from product p where p.collection_id = c.id)`);
    expect(empty).toEqual([]);
  });

  it("has a sale for everybody and lower prices for members", async () => {
    const lists = await read(`
      select l.name, l.type, l.status, g.name as "group" from price_list l
      left join price_list_customer_groups x on x.price_list_id = l.id
      left join customer_group g on g.id = x.customer_group_id order by 1`);
    expect(lists).toEqual([
      { name: "Autumn sale", type: "sale", status: "active", group: null },
      { name: "Members' prices", type: "override", status: "active", group: "Members" },
    ]);
    const [compared] = await read(`
      select count(*)::int as prices,
        count(*) filter (where m.amount < u.amount and m.amount > u.amount / 2)::int as lower
      from money_amount m join product_variant_money_amount l on l.money_amount_id = m.id
      join product_variant_money_amount ul on ul.variant_id = l.variant_id
      join money_amount u on u.id = ul.money_amount_id
        and u.price_list_id is null and u.currency_code = m.currency_code
      where m.price_list_id is not null`);
    expect(compared.lower).toBe(compared.prices);
    const named = await read(`
      select l.name, count(distinct v.product_id)::int as products
      from price_list l join money_amount m on m.price_list_id = l.id
      join product_variant_money_amount x on x.money_amount_id = m.id
      join product_variant v on v.id = x.variant_id group by 1 order by 1`);
    expect(named).toEqual([
      { name: "Autumn sale", products: 7 },
      { name: "Members' prices", products: 5 },
    ]);
  });

  it("has discounts of every kind", async () => {
    const discounts = await read(`
      select d.code, r.type, r.allocation, d.usage_limit, d.ends_at < now() as expired,
        (select count(*)::int from discount_regions x where x.discount_id = d.id) as regions,
        (select count(*)::int from discount_condition c
          join discount_condition_product p on p.condition_id = c.id
          where c.discount_rule_id = r.id) as products
      from discount d join discount_rule r on r.id = d.rule_id order by d.code`);
    const usual = { usage_limit: null, expired: null, regions: 4, products: 0 };
    expect(discounts).toEqual([
      { ...usual, code: "FIRST50", type: "percentage", allocation: "total", usage_limit: 50 },
      { ...usual, code: "FREEPOST", type: "free_shipping", allocation: "total" },
      { ...usual, code: "SPRING25", type: "percentage", allocation: "total", expired: true },
      { ...usual, code: "TAKE20", type: "fixed", allocation: "total", regions: 1 },
      { ...usual, code: "TWOEACH", type: "fixed", allocation: "item", regions: 1 },
      { ...usual, code: "WARMHANDS", type: "percentage", allocation: "item", products: 4 },
      { ...usual, code: "WELCOME10", type: "percentage", allocation: "total" },
    ]);
  });

  it("has regions with countries, providers and shipping options of every kind", async () => {
    const regions = await read(`
      select r.name, r.currency_code, r.includes_tax, c.includes_tax as currency_includes_tax,
        (select count(*)::int from country where region_id = r.id) as countries,
        (select count(*)::int from region_payment_providers where region_id = r.id) as payment,
        (select count(*)::int from region_fulfillment_providers
          where region_id = r.id) as fulfillment,
        (select count(*)::int from shipping_option
          where region_id = r.id and not is_return) as outward,
        (select count(*)::int from shipping_option where region_id = r.id and is_return) as back,
        (select count(*)::int from shipping_option o
          join shipping_option_requirement q on q.shipping_option_id = o.id
          where o.region_id = r.id and o.amount = 0) as free
      from region r join currency c on c.code = r.currency_code order by r.name`);
    const usual = { countries: 1, payment: 1, fulfillment: 1, outward: 4, back: 1, free: 1 };
    const exclusive = { ...usual, includes_tax: false, currency_includes_tax: false };
    const inclusive = { ...usual, includes_tax: true, currency_includes_tax: true };
    expect(regions).toEqual([
      { ...exclusive, name: "Europe", currency_code: "eur", countries: 11 },
      { ...inclusive, name: "Japan", currency_code: "jpy" },
      { ...inclusive, name: "United Kingdom", currency_code: "gbp" },
      { ...exclusive, name: "United States", currency_code: "usd" },
    ]);
  });

  it("has reduced tax rates for books", async () => {
    const books = await read(`
      select r.name, x.rate from tax_rate x join region r on r.id = x.region_id
      join product_type_tax_rate pt on pt.rate_id = x.id
      join product_type t on t.id = pt.product_type_id where t.value = 'Books' order by 1`);
    expect(books).toEqual([
      { name: "Europe", rate: 7 },
      { name: "United Kingdom", rate: 0 },
    ]);
  });

  it("has a customer in a group who can log in", async () => {
    const [customer] = await read(`
      select c.*, g.name as group,
        (select count(*)::int from address where customer_id = c.id) as addresses
      from customer c join customer_group_customers x on x.customer_id = c.id
      join customer_group g on g.id = x.customer_group_id`);
    expect(customer).toMatchObject({
      email: seeded.customer.email,
      has_account: true,
      group: "Members",
      addresses: 2,
    });
    expect(customer.billing_address_id).toMatch(/^addr_/);
    expect(await bcrypt.compare(seeded.customer.password, customer.password_hash)).toBe(true);
  });

  it("has a gift card", async () => {
    expect(await read("select code, balance from gift_card where not is_disabled")).toEqual([
      { code: seeded.giftCardCode, balance: 10000 },
    ]);
  });

  it("has nested return reasons", async () => {
    const nested = await read(
      "select c.value, p.value as under from return_reason c join return_reason p on p.id = " +
        "c.parent_return_reason_id order by 1",
    );
    expect(nested).toEqual([
      { value: "too_large", under: "wrong_size" },
      { value: "too_small", under: "wrong_size" },
    ]);
  });

  it("has a publishable key", async () => {
    expect(
      await read("select publishable_key_id as key from publishable_api_key_sales_channel"),
    ).toEqual([{ key: seeded.publishableKey }]);
  });
});
