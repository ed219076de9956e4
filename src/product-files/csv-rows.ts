import { formatAmount } from "./amounts.ts";
import { productFields, variantFields } from "./product-fields.ts";
import type { StoredPrice, StoredProduct, StoredVariant } from "./stored-products.ts";

/** How many numbered columns the products of an export need, and their columns of prices. */
export interface CsvShape {
  readonly options: number;
  readonly images: number;
  readonly channels: number;
  readonly categories: number;
  readonly prices: readonly Pick<StoredPrice, "currency_code" | "region_id" | "region_name">[];
}

interface CsvColumn {
  readonly header: string;
  cell(product: StoredProduct, variant: StoredVariant | undefined): unknown;
}

/** Returns the columns of Medusa's product export, in its order. */
export function csvColumns(shape: CsvShape, withIds: boolean): CsvColumn[] {
  return [
    ...productColumns(withIds),
    ...variantColumns(withIds),
    ...shape.prices.map(priceColumn),
    ...times(shape.options, optionColumns),
    ...times(shape.images, imageColumns),
    ...times(shape.channels, channelColumns),
    ...times(shape.categories, categoryColumns),
  ];
}

/** Returns the rows of a product: one a variant, or one without any. */
export function csvRows(columns: readonly CsvColumn[], product: StoredProduct): string[][] {
  const variants = product.variants.length > 0 ? product.variants : [undefined];
  return variants.map((variant) => columns.map(({ cell }) => String(cell(product, variant) ?? "")));
}

const times = <T>(count: number, make: (index: number) => T[]): T[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

const productField = (name: string): CsvColumn => ({
  header: productFields[name]!.header!,
  cell: ({ columns }) => columns[name],
});

const variantField = (name: string): CsvColumn => ({
  header: variantFields[name]!.header!,
  cell: (_, variant) => variant?.columns[name],
});

function productColumns(withIds: boolean): CsvColumn[] {
  const named = Object.keys(productFields).filter((name) => productFields[name]!.header);
  const last = named.indexOf("material") + 1;
  return [
    { header: "Product Id", cell: ({ id }) => (withIds ? id : "") },
    { header: "Product Handle", cell: ({ handle }) => handle },
    ...named.slice(0, last).map(productField),
    { header: "Product Collection Title", cell: ({ collection }) => collection?.title },
    { header: "Product Collection Handle", cell: ({ collection }) => collection?.handle },
    { header: "Product Type", cell: ({ type }) => type?.value },
    { header: "Product Tags", cell: ({ tags }) => tags.map(({ value }) => value).join(",") },
    ...named.slice(last).map(productField),
    { header: "Product Profile Name", cell: ({ profiles }) => profiles[0]?.name },
    { header: "Product Profile Type", cell: ({ profiles }) => profiles[0]?.type },
  ];
}

function variantColumns(withIds: boolean): CsvColumn[] {
  const named = Object.keys(variantFields).filter((name) => variantFields[name]!.header);
  return [
    { header: "Variant Id", cell: (_, variant) => (withIds ? variant?.id : "") },
    ...named.map(variantField),
  ];
}

function priceColumn(column: CsvShape["prices"][number]): CsvColumn {
  const { currency_code: currency, region_id, region_name } = column;
  const code = currency.toUpperCase();
  return {
    header: region_id === null ? `Price ${code}` : `Price ${region_name} [${code}]`,
    cell: (_, variant) => {
      const price = variant?.prices.find(
        (each) => each.currency_code === currency && each.region_id === region_id,
      );
      return price && formatAmount(price.amount, currency);
    },
  };
}

const optionColumns = (n: number): CsvColumn[] => [
  { header: `Option ${n + 1} Name`, cell: ({ options }) => options[n]?.title },
  {
    header: `Option ${n + 1} Value`,
    cell: ({ options }, variant) =>
      variant?.options.find(({ option_id }) => option_id === options[n]?.id)?.value,
  },
];

const imageColumns = (n: number): CsvColumn[] => [
  { header: `Image ${n + 1} Url`, cell: ({ images }) => images[n]?.url },
];

/** Medusa's export writes the name where it says "Id"; its import reads either. */
const channelColumns = (n: number): CsvColumn[] => [
  { header: `Sales Channel ${n + 1} Id`, cell: ({ channels }) => channels[n]?.name },
  { header: `Sales Channel ${n + 1} Name`, cell: ({ channels }) => channels[n]?.name },
  {
    header: `Sales Channel ${n + 1} Description`,
    cell: ({ channels }) => channels[n]?.description,
  },
];

const categoryColumns = (n: number): CsvColumn[] => [
  { header: `Product Category ${n + 1} Handle`, cell: ({ categories }) => categories[n]?.handle },
  { header: `Product Category ${n + 1} Name`, cell: ({ categories }) => categories[n]?.name },
  {
    header: `Product Category ${n + 1} Description`,
    cell: ({ categories }) => categories[n]?.description,
  },
];
