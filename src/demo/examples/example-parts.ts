import { picturesOf, variantsOf } from "../demo-product.ts";
import { demoProducts } from "../products/demo-products.ts";
import { createdDaysAgo, type DemoContext, demoId, type TableRows } from "../rows/demo-context.ts";

/** The guest who owns the carts and orders that the examples of the API document name. */
export const exampleGuest = { email: "gro@example.com", first_name: "Gro", last_name: "Holm" };

/** The region of the example carts and orders, and its tax rate in percent. */
export const EXAMPLE_REGION = "europe";
const TAX = { rate: 19, name: "default", code: "default" };
export const EXAMPLE_SHIPPING = 590;

/** A row with its table. */
export type ExampleRow = readonly [table: string, row: Record<string, unknown>];

/** Returns the id of a row of the examples: the same in every demo shop. */
export const exampleId = (prefix: string, name: string): string =>
  demoId(prefix, `example ${name}`);

/** Returns the amount with the region's tax, rounded to the currency's smallest unit. */
export const withTax = (amount: number): number => amount + Math.round((amount * TAX.rate) / 100);

/** What is in an example cart or order. */
export interface ExampleLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Returns the price of a variant in euro cents. */
export const priceOf = (sku: string): number => Math.round(soldAs(sku).variant.prices.eur * 100);

/** Returns a line item of a variant. `columns` say what it belongs to. */
export function lineRow(
  { now, publicUrl }: DemoContext,
  { id, sku, quantity }: ExampleLine & { readonly id: string },
  variantId: string,
  columns: Record<string, unknown>,
): ExampleRow {
  const { product, variant } = soldAs(sku);
  return [
    "line_item",
    {
      id,
      title: product.title,
      description: variant.title,
      thumbnail: `${publicUrl}/demo/pictures/${picturesOf(product)[0]}`,
      unit_price: priceOf(sku),
      variant_id: variantId,
      quantity,
      metadata: {},
      has_shipping: true,
      ...createdDaysAgo(now, 3),
      ...columns,
    },
  ];
}

/** Returns the tax line of a line item. */
export const lineTaxRow = (itemId: string): ExampleRow => [
  "line_item_tax_line",
  { id: exampleId("litl", itemId), item_id: itemId, ...TAX },
];

/** Returns a shipping method at the standard price. `columns` say what it belongs to. */
export const shippingRow = (
  { ids }: DemoContext,
  name: string,
  columns: Record<string, unknown>,
): ExampleRow => [
  "shipping_method",
  {
    id: exampleId("sm", name),
    shipping_option_id: ids("so", `${EXAMPLE_REGION} standard`),
    price: EXAMPLE_SHIPPING,
    data: { id: "manual-fulfillment" },
    includes_tax: false,
    ...columns,
  },
];

/** Returns the tax line of a shipping method. */
export const shippingTaxRow = (name: string): ExampleRow => [
  "shipping_method_tax_line",
  { id: exampleId("smtl", name), shipping_method_id: exampleId("sm", name), ...TAX },
];

/** Returns the guest's address, as a row of its own for each cart and order. */
export const addressRow = ({ now }: DemoContext, name: string): ExampleRow => [
  "address",
  {
    id: exampleId("addr", name),
    first_name: exampleGuest.first_name,
    last_name: exampleGuest.last_name,
    address_1: "Kastanienallee 12",
    city: "Berlin",
    postal_code: "10435",
    country_code: "de",
    ...createdDaysAgo(now, 3),
  },
];

/** Returns a session of the manual payment provider. */
export const sessionRow = (
  { now }: DemoContext,
  name: string,
  amount: number,
  columns: Record<string, unknown> = {},
): ExampleRow => [
  "payment_session",
  {
    id: exampleId("ps", name),
    provider_id: "manual",
    status: "pending",
    data: { status: "pending" },
    amount,
    is_initiated: true,
    idempotency_key: null,
    ...createdDaysAgo(now, 3),
    ...columns,
  },
];

/** Returns the rows by table, each table once and in the given order. */
export const byTable = (tables: readonly string[], rows: readonly ExampleRow[]): TableRows[] =>
  tables.map((table) => ({
    table,
    rows: rows.filter(([name]) => name === table).map(([, row]) => row),
  }));

function soldAs(sku: string) {
  for (const product of demoProducts) {
    const variant = variantsOf(product).find((one) => one.sku === sku);
    if (variant) return { product, variant };
  }
  throw new RangeError(`The demo shop has no variant ${sku}`);
}
