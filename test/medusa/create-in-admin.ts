import type { Answer, ApiClient } from "../support/api-client.ts";
import { nextNumber } from "../support/builders/insert.ts";
import type { ShopSetup } from "../support/builders.ts";

type Row = Record<string, unknown>;

/**
 * Returns what a successful answer has under a name.
 * @throws Error any other status, with the answer's text
 */
export async function unwrap(answer: Promise<Answer>, name: string) {
  const { status, body, text } = await answer;
  if (status !== 200) throw new Error(`Answered ${status}: ${text}`);
  return body[name];
}

/** Creates a region: euro, 19 percent, automatic taxes, manual providers. */
export async function createRegion(
  admin: ApiClient,
  { automatic_taxes = true, ...attributes }: Row = {},
) {
  const row = {
    name: `Region ${nextNumber()}`,
    currency_code: "eur",
    tax_rate: 19,
    payment_providers: ["manual"],
    fulfillment_providers: ["manual"],
    countries: [],
    ...attributes,
  };
  const region = await unwrap(admin.post("/admin/regions", row), "region");
  return unwrap(admin.post(`/admin/regions/${region.id}`, { automatic_taxes }), "region");
}

/** Creates a product of one variant at 10.00 €, with 100 in stock, and returns the variant. */
export async function createVariant(
  admin: ApiClient,
  {
    price = 1000,
    stock = 100,
    ...attributes
  }: Row & { readonly price?: number; readonly stock?: number } = {},
) {
  const variant = {
    title: "One size",
    inventory_quantity: stock,
    prices: [{ currency_code: "eur", amount: price }],
    options: [{ value: "one" }],
  };
  const row = {
    title: `Kettle ${nextNumber()}`,
    status: "published",
    options: [{ title: "Size" }],
    variants: [variant],
    ...attributes,
  };
  return (await unwrap(admin.post("/admin/products", row), "product")).variants[0];
}

/** Creates a shipping option at 5.00. */
export const createShippingOption = (
  admin: ApiClient,
  attributes: Row & { readonly region_id: string },
) =>
  unwrap(
    admin.post("/admin/shipping-options", {
      name: `Parcel ${nextNumber()}`,
      provider_id: "manual",
      data: { id: "manual-fulfillment" },
      price_type: "flat_rate",
      amount: 500,
      ...attributes,
    }),
    "shipping_option",
  );

/** Creates a discount of ten percent for everybody. */
export const createDiscount = (
  admin: ApiClient,
  attributes: Row & { readonly regions: readonly string[] },
) =>
  unwrap(
    admin.post("/admin/discounts", {
      code: `CODE${nextNumber()}`,
      is_dynamic: false,
      is_disabled: false,
      rule: { type: "percentage", value: 10, allocation: "total" },
      ...attributes,
    }),
    "discount",
  );

/** Creates a gift card. */
export const createGiftCard = (
  admin: ApiClient,
  attributes: { readonly region_id: string; readonly value: number },
) => unwrap(admin.post("/admin/gift-cards", attributes), "gift_card");

/** A shop setup that also has a shipping option. */
export type AdminShopSetup = Omit<ShopSetup, "productId"> & { readonly optionId: string };

/** Creates a region, a shipping option in it, and a variant. */
export async function createShopSetup(
  admin: ApiClient,
  region: Readonly<Row> = {},
): Promise<AdminShopSetup> {
  const { id: regionId } = await createRegion(admin, region);
  const { id: optionId } = await createShippingOption(admin, { region_id: regionId });
  return { regionId, optionId, variantId: (await createVariant(admin)).id };
}
