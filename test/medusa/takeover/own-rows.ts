import { randomBytes } from "node:crypto";
import type { ApiClient } from "../../support/api-client.ts";
import { createRegion, createShippingOption, createVariant, unwrap } from "../create-in-admin.ts";

/** How many shoppers buy at the same time. Each has a product of its own. */
const BUYERS = 2;
/** More than any proof sells. */
const AMPLE_STOCK = 1_000_000;

/** A product with one variant. */
export interface OwnProduct {
  readonly productId: string;
  readonly variantId: string;
}

/** What the proof adds to a shop, so that it changes no row of the shop's own. */
export interface OwnRows {
  readonly regionId: string;
  readonly optionId: string;
  /** What is looked at while the admin changes it. */
  readonly shown: OwnProduct;
  /** What the admin changes all the time. */
  readonly edited: OwnProduct;
  /** What shoppers buy, one each. */
  readonly bought: readonly OwnProduct[];
}

/** Creates them in Medusa's admin. */
export async function createOwnRows(admin: ApiClient): Promise<OwnRows> {
  const { id: regionId } = await createRegion(admin);
  const { id: optionId } = await createShippingOption(admin, { region_id: regionId });
  const products: OwnProduct[] = [];
  for (let number = 0; number < BUYERS + 2; number++) {
    const title = `Taken over ${randomBytes(4).toString("hex")}`;
    const { id, product_id } = await createVariant(admin, { title, stock: AMPLE_STOCK });
    products.push({ productId: product_id, variantId: id });
  }
  const [shown, edited, ...bought] = products;
  return { regionId, optionId, shown: shown!, edited: edited!, bought };
}

/** What a person of the shop changes in the admin. */
export interface ProductEdit {
  readonly title?: string;
  /** In cents. */
  readonly price?: number;
  readonly stock?: number;
}

/** Changes a product in Medusa's admin. */
export async function editProduct(
  admin: ApiClient,
  { productId, variantId }: OwnProduct,
  { title, price, stock }: ProductEdit,
): Promise<void> {
  const path = `/admin/products/${productId}`;
  if (title !== undefined) await unwrap(admin.post(path, { title }), "product");
  if (price === undefined && stock === undefined) return;
  const variant = {
    ...(stock !== undefined && { inventory_quantity: stock }),
    ...(price !== undefined && { prices: [{ currency_code: "eur", amount: price }] }),
  };
  await unwrap(admin.post(`${path}/variants/${variantId}`, variant), "product");
}
