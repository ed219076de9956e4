import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aRegion } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-products-"));
const examples = join(projectRoot(), "docs/examples");
let program: NettleProgram;
let database: TestDatabase;

beforeAll(() => {
  program = buildProgram();
});
beforeEach(async () => {
  database = await openDatabase();
  return () => database.drop();
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

const nettle = (command: string) => program.run(command, { DATABASE_URL: database.url });

/** Writes a file of these lines and returns its name. */
function fileOf(name: string, ...lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join("\r\n"));
  return file;
}

const importLines = (...lines: readonly string[]) =>
  nettle(`import ${fileOf("products.csv", ...lines)}`);

const counts = (created: number, changed: number, unchanged: number, refused: number) =>
  `${created} created, ${changed} changed, ${unchanged} unchanged, ${refused} refused\n`;

async function exported(options: string): Promise<string> {
  const { code, out, error } = await nettle(`export ${options}`.trim());
  expect({ code, error }).toEqual({ code: 0, error: "" });
  return out;
}

/** The times of the last change of all rows that an import writes. */
async function changes(): Promise<unknown> {
  const tables = ["product", "product_variant", "money_amount", "image", "product_option_value"];
  return Promise.all(
    tables.map((table) => database.knex(table).select("id", "updated_at").orderBy("id")),
  );
}

describe("nettle import", { timeout: 240_000 }, () => {
  it("is seen and found in a shop that runs meanwhile", async () => {
    const server = await program.serve({
      ...{ DATABASE_URL: database.url, JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret" },
    });
    const { get, post } = clientAt(server.url);
    const path = "/store/products?handle=mug&fields=title&expand=";
    expect((await get(path)).body.products).toEqual([]);
    const header = "Product Handle;Product Title;Product Status;Variant Title;Price EUR";
    await importLines(header, "mug;Stoneware mug;published;One;12.50");
    const titles = async () =>
      (await get(path)).body.products.map(({ title }: { title: string }) => title);
    await expect.poll(titles, { timeout: 60_000 }).toEqual(["Stoneware mug"]);
    const found = async () =>
      (await post("/store/products/search", { q: "stonewear" })).body.hits.length;
    await expect.poll(found, { timeout: 60_000 }).toBe(1);
    server.signal("SIGTERM");
    await server.ended();
  });

  it("imports the documented example, and changes nothing the second time", async () => {
    const file = join(examples, "products.csv");
    const dry = await nettle(`import ${file} --dry-run`);
    expect(dry.out).toContain(counts(2, 0, 0, 0));
    expect(await database.knex("product")).toEqual([]);
    const first = await nettle(`import ${file}`);
    expect([first.code, first.error]).toEqual([0, ""]);
    expect(first.out).toContain(counts(2, 0, 0, 0));
    const prices = await database
      .knex("money_amount as m")
      .join("product_variant_money_amount as l", "l.money_amount_id", "m.id")
      .join("product_variant as v", "v.id", "l.variant_id")
      .where("v.sku", "LS-M-B")
      .orderBy("currency_code")
      .select("currency_code", "amount");
    expect(prices).toEqual([
      { currency_code: "eur", amount: 5200 },
      { currency_code: "usd", amount: 5799 },
    ]);
    const before = await changes();
    expect(await nettle(`import ${file}`)).toEqual({ code: 0, error: "", out: counts(0, 0, 2, 0) });
    expect(await changes()).toEqual(before);
  });

  it("gives both examples back, into the same shop and into another one", async () => {
    await nettle(`import ${join(examples, "products.csv")}`);
    await nettle(`import ${join(examples, "products.json")}`);
    await aRegion(database.knex, { name: "Europe", currency_code: "eur" });
    await importLines(
      "Product Handle,Variant SKU,Price Europe [EUR],Price USD",
      "poster,POSTER-A3,17.25,",
    );
    const csv = await exported("");
    const json = await exported("--format json");
    expect(csv).toContain("Price Europe [EUR]");
    for (const [name, text] of [
      ["back.csv", csv],
      ["back.json", json],
    ] as const) {
      const { out } = await nettle(`import ${fileOf(name, text)}`);
      expect(out).toBe(counts(0, 0, 3, 0));
    }
    expect([await exported(""), await exported("--format json")]).toEqual([csv, json]);
    const bare = [await exported("--no-ids"), await exported("--format json --no-ids")] as const;
    const first = database;
    for (const [name, text] of [
      ["other.csv", bare[0]],
      ["other.json", bare[1]],
    ] as const) {
      database = await openDatabase();
      await aRegion(database.knex, { name: "Europe", currency_code: "eur" });
      const { out } = await nettle(`import ${fileOf(name, text)}`);
      expect(out).toContain(counts(3, 0, 0, 0));
      const again = await exported(name === "other.csv" ? "--no-ids" : "--format json --no-ids");
      expect(again).toBe(text);
      await database.drop();
    }
    database = first;
  });

  it("refuses a product as a whole, says why, and imports the others", async () => {
    const report = join(folder, "refused.txt");
    const file = fileOf(
      "bad.csv",
      "Product Handle;Product Title;Variant Title;Variant SKU;Option 1 Name;Option 1 Value;" +
        "Price EUR",
      "good;Good;One;G-1;Size;One;1.5",
      "bad;Bad;One;B-1;Size;One;1.5",
      "bad;;Two;B-2;;Two;abc",
      "stolen;Stolen;One;G-1;Size;One;2",
      "lost;Lost;One;L-1;Size;One;1,50",
      ";None;One;N-1;Size;One;2",
    );
    const { code, out, error } = await nettle(`import ${file} --report ${report}`);
    expect([code, out]).toEqual([1, counts(1, 0, 0, 4)]);
    expect(readFileSync(report, "utf8")).toBe(error);
    for (const line of [
      'line 4: Price EUR "abc" is not a number; write it as 12.50',
      'line 5: SKU "G-1" belongs to "good", earlier in the file',
      'line 6: Price EUR "1,50" is not a number; write it as 12.50',
      "line 7: Product Handle is empty",
    ])
      expect(error.split("\n")).toContain(line);
    expect(await database.knex("product").pluck("handle")).toEqual(["good"]);
    const taken = await importLines(
      "Product Handle;Product Title;Variant Title;Variant SKU",
      "thief;Thief;One;G-1",
    );
    expect([taken.code, taken.error]).toEqual([
      1,
      'line 2: SKU "G-1" belongs to "good" in the shop\n',
    ]);
  });

  it("changes only what the file names, and empties what it leaves empty", async () => {
    await nettle(`import ${join(examples, "products.csv")}`);
    const { out } = await importLines(
      "Product Handle;Product Description;Product Tags;Variant SKU;Price USD",
      "linen-shirt;;new;LS-S-W;",
    );
    expect(out).toBe(`${counts(0, 1, 0, 0)}new tag: new\n`);
    const [shirt] = JSON.parse(await exported("--format json --handle linen-shirt"));
    expect(shirt).toMatchObject({
      title: "Linen shirt",
      description: null,
      tags: [{ value: "new" }],
      images: [
        { url: "https://example.com/linen-1.jpg" },
        { url: "https://example.com/linen-2.jpg" },
      ],
    });
    const prices = shirt.variants.map(({ prices }: { prices: unknown[] }) => prices.length);
    expect(prices).toEqual([1, 2, 2]);
  });

  it.each([
    ["import", "missing required argument"],
    ["import nowhere.csv", "There is no file nowhere.csv."],
    ["import products.csv --dryrun", "unknown option '--dryrun'\n(Did you mean --dry-run?)"],
    ["export --format xml", "Allowed choices are csv, json"],
  ])("answers `%s` with exit code 2", async (command, message) => {
    const { code, error } = await nettle(command);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  it.each([
    [
      "Product Handle;product title",
      'There is no column "product title". Is "Product Title" meant?',
    ],
    ["Product Title", 'The column "Product Handle" is missing'],
    ["Product Handle;Product Handle", 'The column "Product Handle" is there twice.'],
  ])("refuses a file with the columns %s", async (columns, message) => {
    const { code, error } = await importLines(columns, "a;b");
    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  it("refuses JSON by the path of what is wrong", async () => {
    const product = { handle: "a", title: "A", variants: [{ title: "B", sku: 5 }], colour: "red" };
    const file = fileOf("bad.json", JSON.stringify([product]));
    const { code, error } = await nettle(`import ${file}`);
    expect(code).toBe(1);
    expect(error).toContain("product 1: variants[0].sku:");
    expect(error).toContain('product 1: Unrecognized key: "colour"');
  });

  it("waits for another program that changes a product, and imports it then", async () => {
    await nettle(`import ${join(examples, "products.csv")}`);
    const other = await database.knex.transaction();
    await other("product").where({ handle: "mug" }).update({ subtitle: "From elsewhere" });
    const waiting = importLines("Product Handle;Product Title", "linen-shirt;Shirt", "mug;Cup");
    await expect
      .poll(() => database.knex("product").where({ title: "Shirt" }).first("handle"), {
        timeout: 120_000,
      })
      .toBeDefined();
    await other.commit();
    expect((await waiting).out).toBe(counts(0, 2, 0, 0));
    const mug = await database.knex("product").where({ handle: "mug" }).first();
    expect(mug).toMatchObject({ title: "Cup", subtitle: "From elsewhere" });
  });
});
