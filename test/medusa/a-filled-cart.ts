import type { ApiClient } from "../support/api-client.ts";
import { aRegion, aShippingOption, aVariant, unwrap } from "./admin-builders.ts";

/** What a cart is filled from. */
export interface ShopSetup {
  readonly regionId: string;
  readonly optionId: string;
  readonly variantId: string;
}

/** A region, a way to ship in it and something to buy, as an admin makes them. */
export async function aShopSetup(
  admin: ApiClient,
  region: Record<string, unknown> = {},
): Promise<ShopSetup> {
  const { id: regionId } = await aRegion(admin, region);
  const { id: optionId } = await aShippingOption(admin, regionId);
  return { regionId, optionId, variantId: (await aVariant(admin)).id };
}

interface CartAttributes {
  readonly quantity?: number;
  readonly email?: string;
  readonly codes?: readonly string[];
  readonly cards?: readonly string[];
  /** What names the customer. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const address = {
  first_name: "Gro",
  last_name: "Holm",
  address_1: "Kaje 4",
  city: "Berlin",
  postal_code: "10115",
};

/**
 * Fills a cart at a server as a shopper does, up to its payment session, and gives it as that
 * server shows it.
 */
export async function aFilledCart(
  shopper: ApiClient,
  setup: ShopSetup,
  attributes: CartAttributes = {},
) {
  const {
    quantity = 2,
    email = "gro@example.com",
    codes = [],
    cards = [],
    headers = {},
  } = attributes;
  const post = (path: string, body: object) =>
    unwrap(shopper.post(`/store/carts${path}`, body, headers), "cart");
  const { id } = await post("", { region_id: setup.regionId });
  await post(`/${id}/line-items`, { variant_id: setup.variantId, quantity });
  await post(`/${id}`, { email, shipping_address: address, billing_address: address });
  if (codes.length > 0) await post(`/${id}`, { discounts: codes.map((code) => ({ code })) });
  if (cards.length > 0) await post(`/${id}`, { gift_cards: cards.map((code) => ({ code })) });
  await post(`/${id}/shipping-methods`, { option_id: setup.optionId });
  return post(`/${id}/payment-sessions`, {});
}

/** The order that a cart becomes at a server. */
export async function completeCart(
  shopper: ApiClient,
  cartId: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const { status, body, text } = await shopper.post(`/store/carts/${cartId}/complete`, {}, headers);
  if (status !== 200 || body.type !== "order") throw new Error(`No order: ${status} ${text}`);
  return body.data;
}
