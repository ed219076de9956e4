import type { Answer, ApiClient } from "../support/api-client.ts";

type Row = Record<string, unknown>;

/** What an Admin API call gives under a name; anything but 200 is an error with what it said. */
export async function unwrap(answer: Promise<Answer>, name: string) {
  const { status, body, text } = await answer;
  if (status !== 200) throw new Error(`Medusa answers ${status}: ${text}`);
  return body[name];
}

let counted = 0;
const next = () => ++counted;

/** A region: euro, 19 percent, automatic taxes, manual providers. */
export async function aRegion(
  admin: ApiClient,
  { automatic_taxes = true, ...attributes }: Row = {},
) {
  const row = {
    name: `Region ${next()}`,
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

/**
 * A product of one variant at 10.00 €, of which there are 100; its columns are changed by the wish.
 * Gives the variant.
 */
export async function aVariant(admin: ApiClient, attributes: Row = {}) {
  const variant = {
    title: "One size",
    inventory_quantity: 100,
    prices: [{ currency_code: "eur", amount: 1000 }],
    options: [{ value: "one" }],
  };
  const row = {
    title: `Kettle ${next()}`,
    status: "published",
    options: [{ title: "Size" }],
    variants: [variant],
    ...attributes,
  };
  return (await unwrap(admin.post("/admin/products", row), "product")).variants[0];
}

/** A shipping option of a region at 5.00. */
export const aShippingOption = (admin: ApiClient, region_id: string, attributes: Row = {}) =>
  unwrap(
    admin.post("/admin/shipping-options", {
      name: `Parcel ${next()}`,
      region_id,
      provider_id: "manual",
      data: { id: "manual-fulfillment" },
      price_type: "flat_rate",
      amount: 500,
      ...attributes,
    }),
    "shipping_option",
  );

/** A discount for everybody in a region: ten percent. */
export const aDiscount = (
  admin: ApiClient,
  region_id: string,
  { rule = {}, ...attributes }: Row & { rule?: Row } = {},
) =>
  unwrap(
    admin.post("/admin/discounts", {
      code: `CODE${next()}`,
      regions: [region_id],
      is_dynamic: false,
      is_disabled: false,
      rule: { type: "percentage", value: 10, allocation: "total", ...rule },
      ...attributes,
    }),
    "discount",
  );

/** A gift card with 20.00 on it. */
export const aGiftCard = (admin: ApiClient, region_id: string, value = 2000) =>
  unwrap(admin.post("/admin/gift-cards", { region_id, value }), "gift_card");
