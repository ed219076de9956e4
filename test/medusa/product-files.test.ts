import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRegion, unwrap } from "./create-in-admin.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();
beforeAll(() => createCatalogue(shop.medusa.admin));

const pictures = ["https://pictures.example/1.webp", "https://pictures.example/2.webp"];

/** Products with what Medusa's product CSV can hold; `plain` has as little as possible. */
async function createCatalogue(admin: ApiClient): Promise<void> {
  await createRegion(admin, { name: "Overseas", currency_code: "usd" });
  const collection = await unwrap(
    admin.post("/admin/collections", { title: "Summer; best of", handle: "summer" }),
    "collection",
  );
  const category = await unwrap(
    admin.post("/admin/product-categories", { name: "Shirts", handle: "shirts", is_active: true }),
    "product_category",
  );
  const variant = (size: string, colour: string, amount: number) => ({
    title: `${size} / ${colour}`,
    sku: `SHIRT-${size}-${colour}`,
    ...{ barcode: `${size}-${colour}`, inventory_quantity: 7, weight: 250, allow_backorder: true },
    options: [{ value: size }, { value: colour }],
    prices: [
      { currency_code: "eur", amount },
      { currency_code: "usd", amount: amount + 55 },
    ],
  });
  const shirt = {
    ...{
      title: "Linen shirt",
      handle: "linen-shirt",
      subtitle: "Cool; light",
      status: "published",
    },
    description: 'Woven in one piece.\nSays "wash me", and is washed.',
    ...{ material: "linen", origin_country: "de", hs_code: "6205", weight: 300 },
    ...{ thumbnail: "https://pictures.example/1.webp", type: { value: "Shirt" } },
    images: pictures.slice(0, 1),
    tags: [{ value: "linen" }, { value: "summer" }],
    ...{ collection_id: collection.id, categories: [{ id: category.id }] },
    options: [{ title: "Size" }, { title: "Colour" }],
    variants: [variant("S", "White", 4950), variant("M", "White", 5200), variant("M", "Sea", 5200)],
  };
  const plain = {
    ...{ title: "Mug", handle: "mug", options: [{ title: "Kind" }] },
    variants: [{ title: "One", options: [{ value: "One" }], prices: [] }],
  };
  const { id } = await unwrap(admin.post("/admin/products", shirt), "product");
  // Medusa keeps no order of images that it creates at once.
  await unwrap(admin.post(`/admin/products/${id}`, { images: pictures }), "product");
  await unwrap(admin.post("/admin/products", plain), "product");
}

/** Runs a batch job of Medusa's to its end and returns its result. */
async function runBatchJob(type: string, context: object) {
  const { admin } = shop.medusa;
  const { id } = await unwrapCreated(admin.post("/admin/batch-jobs", { type, context }));
  const job = async () => unwrap(admin.get(`/admin/batch-jobs/${id}`), "batch_job");
  await expect
    .poll(async () => (await job()).status, { timeout: 60_000 })
    .toMatch(/^(completed|failed)$/);
  const { status, result } = await job();
  expect({ status, errors: result.errors ?? [] }).toEqual({ status: "completed", errors: [] });
  return result;
}

async function unwrapCreated(answer: ReturnType<ApiClient["post"]>) {
  const { status, body, text } = await answer;
  expect([status, text]).toEqual([201, text]);
  return body.batch_job;
}

const exportByMedusa = async (): Promise<string> =>
  (await runBatchJob("product-export", {})).file_key;

/** Nettle's export of the shop, in a file beside those of Medusa's file service. */
async function exportByNettle(options: string): Promise<string> {
  const file = join(dirname(await exportByMedusa()), `nettle${options.replaceAll(" ", "")}.csv`);
  const { code, error } = await shop.run(`export ${file} ${options}`.trim(), {});
  expect([code, error]).toEqual([0, `2 products are in ${file}\n`]);
  return file;
}

/** Gives a variant a price in a region, or with "" takes it away. */
async function importRegionPrice(price: string): Promise<void> {
  const file = join(dirname(await exportByMedusa()), "region-price.csv");
  const lines = [
    "Product Handle;Variant SKU;Price Overseas [USD]",
    `linen-shirt;SHIRT-S-White;${price}`,
  ];
  writeFileSync(file, lines.join("\n"));
  expect((await shop.run(`import ${file}`, {})).out).toContain("0 created, 1 changed");
}

const EXPANDED =
  "expand=variants.prices,variants.options,options,images,tags,type,collection,categories," +
  "sales_channels,profiles&order=created_at";

/** What Medusa's admin shows of the products, without times and, unless `withIds`, without ids. */
async function products(withIds: boolean): Promise<unknown> {
  const list = await unwrap(shop.medusa.admin.get(`/admin/products?${EXPANDED}`), "products");
  const text = JSON.stringify(list, (name, value) => {
    if (/_at$|^profile$/.test(name) || (!withIds && /(^|_)id$/.test(name))) return undefined;
    // Medusa's import replaces the rows of prices.
    if (name === "id" && String(value).startsWith("ma_")) return undefined;
    return Array.isArray(value) ? value.map(sorted).toSorted(byText) : value;
  });
  return JSON.parse(text);
}

const sorted = (value: unknown) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const byText = (one: unknown, other: unknown) => (textOf(one) < textOf(other) ? -1 : 1);

/** A text that has no ids or times, to sort by. */
const textOf = (value: unknown) =>
  JSON.stringify(value, (name, part) => (/(_at|(^|_)id)$/.test(name) ? undefined : part));

describe("product files of Medusa's and Nettle's", { timeout: 240_000 }, () => {
  it("what Medusa exports changes nothing when Nettle imports it", async () => {
    const before = await products(true);
    const file = await exportByMedusa();
    expect(readFileSync(file, "utf8")).toContain("SHIRT-M-Sea");
    expect(await shop.run(`import ${file}`, {})).toEqual({
      ...{ code: 0, error: "", out: "0 created, 0 changed, 2 unchanged, 0 refused\n" },
    });
    expect(await products(true)).toEqual(before);
  });

  it("what Nettle exports changes nothing when Medusa imports it; changes are read", async () => {
    // Medusa's own export writes the price of a region as that of the currency, too.
    await importRegionPrice("44.44");
    const before = await products(true);
    const fileKey = await exportByNettle("");
    expect(readFileSync(fileKey, "utf8")).toContain(";44.44;");
    await runBatchJob("product-import", { fileKey });
    expect(await products(true)).toEqual(before);
    const text = readFileSync(await exportByNettle(""), "utf8");
    writeFileSync(fileKey, text.replaceAll("Linen shirt", "Linen blouse").replaceAll("49.5", "48"));
    await runBatchJob("product-import", { fileKey });
    const { rows } = await shop.knex.raw(
      `select p.title, m.amount from product p join product_variant v on v.product_id = p.id
        join product_variant_money_amount l on l.variant_id = v.id
        join money_amount m on m.id = l.money_amount_id
        where v.sku = 'SHIRT-S-White' and m.currency_code = 'eur' and m.region_id is null`,
    );
    expect(rows).toEqual([{ title: "Linen blouse", amount: 4800 }]);
    await importRegionPrice("");
  });

  it("Medusa builds the same products from Nettle's export, and Nettle from Medusa's", async () => {
    const before = await products(false);
    const fileKey = await exportByNettle("--no-ids");
    const fromMedusa = await exportByMedusa();
    const { admin } = shop.medusa;
    const deleteAll = async () => {
      for (const id of await shop.knex("product").whereNull("deleted_at").pluck("id"))
        expect((await admin.delete(`/admin/products/${id}`)).status).toBe(200);
    };
    await deleteAll();
    await runBatchJob("product-import", { fileKey });
    expect(await products(false)).toEqual(before);
    await deleteAll();
    const { out } = await shop.run(`import ${fromMedusa}`, {});
    expect(out).toContain("2 created, 0 changed, 0 unchanged, 0 refused");
    expect(await products(false)).toEqual(before);
  });
});
