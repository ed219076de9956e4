import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Knex } from "knex";

const REGION = "Europe";
const COLOURS = ["Black", "White", "Moss", "Rust", "Sand", "Navy"];
const SIZES = ["S", "M", "L"];

const HEADERS = [
  ...["Product Handle", "Product Title", "Product Subtitle", "Product Description"],
  ...["Product Status", "Product Thumbnail", "Product Weight", "Product Material"],
  ...["Product Collection Handle", "Product Collection Title", "Product Type", "Product Tags"],
  ...["Variant Title", "Variant SKU", "Variant Inventory Quantity", "Option 1 Name"],
  ...["Option 1 Value", "Option 2 Name", "Option 2 Value", "Price EUR", "Price USD"],
  ...[`Price ${REGION} [EUR]`, "Image 1 Url", "Image 2 Url", "Sales Channel 1 Name"],
  ...["Product Category 1 Handle", "Product Category 1 Name"],
];

/** Inserts the region that the prices of `writeProductCsv` name. */
export async function insertRegion(knex: Knex): Promise<void> {
  await knex("region").insert({
    ...{ id: "reg_europe", name: REGION, currency_code: "eur", tax_rate: 20 },
  });
}

/**
 * Writes products with three variants each as Medusa's product CSV, the same at every run: prices
 * in two currencies and a region, two images, two tags, a collection, a type, a category and a
 * channel. `more` is added to each price, in hundredths.
 */
export async function writeProductCsv(
  out: Writable,
  products: number,
  more: number,
): Promise<void> {
  out.write(`${HEADERS.join(";")}\r\n`);
  for (let number = 0; number < products; number++)
    if (!out.write(rowsOf(number, more))) await once(out, "drain");
  out.end();
  await once(out, "close");
}

function rowsOf(number: number, more: number): string {
  const [colour, group] = [COLOURS[number % COLOURS.length]!, number % 40];
  const product = [
    ...[`product-${number}`, `Product ${number}`, `No. ${number}`],
    `"Made to be mended; not replaced. Warm when it is wet. It is number ""${number}""."`,
    ...["published", `https://pictures.example/${number}.webp`, 100 + (number % 900), "Wool"],
    ...[`collection-${group}`, `Collection ${group}`, `Type ${number % 12}`],
    `"${colour},season-${number % 8}"`,
  ];
  const price = (share: number) =>
    ((Math.round((900 + (number % 200) * 100) * share) + more) / 100).toFixed(2);
  return SIZES.map((size) =>
    [
      ...product,
      ...[`${size} / ${colour}`, `P-${number}-${size}`, number % 50, "Size", size],
      ...["Colour", colour, price(1), price(1.1), price(0.95)],
      ...[1, 2].map((image) => `https://pictures.example/${number}-${image}.webp`),
      ...["Website", `category-${number % 30}`, `Category ${number % 30}`],
    ].join(";"),
  )
    .map((row) => `${row}\r\n`)
    .join("");
}
