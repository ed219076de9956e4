import { type DemoProduct, picturesOf, variantsOf } from "../demo-product.ts";
import { demoProducts } from "../products/demo-products.ts";
import { createdDaysAgo, type DemoContext, pictureUrl, type TableRows } from "./demo-context.ts";
import { inStoreBarcode } from "./in-store-barcode.ts";

/** Returns the rows of products with their pictures, tags, categories, options and variants. */
export function productRows(context: DemoContext): TableRows[] {
  const { ids } = context;
  const each = (rowsOf: (product: DemoProduct, id: string) => Record<string, unknown>[]) =>
    demoProducts.flatMap((product) => rowsOf(product, ids("prod", product.handle)));
  return [
    { table: "product", rows: demoProducts.map((product) => productRow(context, product)) },
    { table: "image", rows: each((product) => imageRows(context, product)) },
    {
      table: "product_images",
      rows: each((product, id) =>
        picturesOf(product).map((file) => ({ product_id: id, image_id: ids("img", file) })),
      ),
    },
    {
      table: "product_tags",
      rows: each((product, id) =>
        product.tags.map((tag) => ({ product_id: id, product_tag_id: ids("ptag", tag) })),
      ),
    },
    {
      table: "product_category_product",
      rows: each((product, id) =>
        product.category
          ? [{ product_id: id, product_category_id: ids("pcat", product.category) }]
          : [],
      ),
    },
    {
      table: "product_sales_channel",
      rows: each((_, id) => [{ product_id: id, sales_channel_id: context.salesChannelId }]),
    },
    {
      table: "product_shipping_profile",
      rows: each((product, id) => [
        {
          product_id: id,
          profile_id: product.giftCard ? context.giftCardProfileId : context.defaultProfileId,
        },
      ]),
    },
    { table: "product_option", rows: each((product) => optionRows(context, product)) },
    { table: "product_variant", rows: variantRows(context) },
    { table: "product_option_value", rows: each((product) => optionValueRows(context, product)) },
  ];
}

function productRow(
  { ids, now, publicUrl }: DemoContext,
  product: DemoProduct,
): Record<string, unknown> {
  return {
    id: ids("prod", product.handle),
    title: product.title,
    subtitle: product.subtitle,
    description: product.description,
    handle: product.handle,
    is_giftcard: product.giftCard ?? false,
    discountable: !product.giftCard,
    status: "published",
    thumbnail: pictureUrl(publicUrl, picturesOf(product)[0] ?? ""),
    weight: product.weight ?? null,
    origin_country: product.origin ?? null,
    material: product.material ?? null,
    collection_id: product.collection ? ids("pcol", product.collection) : null,
    type_id: product.type ? ids("ptyp", product.type) : null,
    ...createdDaysAgo(now, product.daysOld),
  };
}

function imageRows(
  { ids, now, publicUrl }: DemoContext,
  product: DemoProduct,
): Record<string, unknown>[] {
  return picturesOf(product).map((file) => ({
    id: ids("img", file),
    url: pictureUrl(publicUrl, file),
    ...createdDaysAgo(now, product.daysOld),
  }));
}

function optionRows({ ids, now }: DemoContext, product: DemoProduct): Record<string, unknown>[] {
  return Object.keys(product.options).map((title) => ({
    id: ids("opt", `${product.handle} ${title}`),
    title,
    product_id: ids("prod", product.handle),
    ...createdDaysAgo(now, product.daysOld),
  }));
}

function variantRows(context: DemoContext): Record<string, unknown>[] {
  let barcodes = 0;
  return demoProducts.flatMap((product) =>
    variantsOf(product).map((variant, rank) => ({
      id: context.ids("variant", variant.sku),
      title: variant.title,
      product_id: context.ids("prod", product.handle),
      sku: variant.sku,
      barcode: product.barcodes ? inStoreBarcode(++barcodes) : null,
      inventory_quantity: product.giftCard
        ? 0
        : (product.stock?.[variant.title] ?? defaultStock(variant.sku)),
      allow_backorder: product.backorder?.includes(variant.title) ?? false,
      manage_inventory: !product.giftCard,
      weight: product.weight ?? null,
      variant_rank: rank,
      ...createdDaysAgo(context.now, product.daysOld),
    })),
  );
}

/** Returns a quantity from 12 to 60 that depends on the SKU alone. */
function defaultStock(sku: string): number {
  const sum = [...sku].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return 12 + (sum % 49);
}

function optionValueRows(
  { ids, now }: DemoContext,
  product: DemoProduct,
): Record<string, unknown>[] {
  const titles = Object.keys(product.options);
  return variantsOf(product).flatMap((variant) =>
    variant.values.map((value, index) => ({
      id: ids("optval", `${variant.sku} ${titles[index]}`),
      value,
      option_id: ids("opt", `${product.handle} ${titles[index]}`),
      variant_id: ids("variant", variant.sku),
      ...createdDaysAgo(now, product.daysOld),
    })),
  );
}
