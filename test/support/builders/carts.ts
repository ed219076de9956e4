import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import type { ApiClient } from "../api-client.ts";
import { type InsertedRow, insert, type Row } from "./insert.ts";
import { aProduct } from "./products.ts";
import { aRegion, type RegionAttributes } from "./regions.ts";

interface ShopSetupAttributes {
  readonly stock?: number;
  readonly price?: number;
  /** Ids of the region's payment providers. */
  readonly providers?: readonly string[];
  readonly region?: RegionAttributes;
}

/** A region and a product in it: what a test needs to fill a cart. */
export interface ShopSetup {
  readonly regionId: string;
  readonly productId: string;
  readonly variantId: string;
}

/** Builds a region without taxes, and a product at 10.00 € with 100 in stock. */
export async function aShopSetup(
  knex: Knex,
  { stock = 100, price = 1000, providers = ["manual"], region }: ShopSetupAttributes = {},
): Promise<ShopSetup> {
  const { id } = await aRegion(knex, { tax_rate: 0, payment_providers: providers, ...region });
  const product = await aProduct(knex, {
    variants: [{ inventory_quantity: stock, prices: [{ amount: price }] }],
  });
  return { regionId: id, productId: product.id, variantId: product.variants[0]!.id };
}

interface CartAttributes {
  readonly quantity?: number;
  readonly email?: string;
  /** Codes. */
  readonly discounts?: readonly string[];
  /** Codes. */
  readonly giftCards?: readonly string[];
  /** Sent with each request, to name the customer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Fills a cart as a shopper does, up to its payment sessions, and returns it as the server shows
 * it. If the setup has a shipping option, the cart has an address and is shipped.
 */
export async function fillCart(
  shopper: ApiClient,
  setup: Pick<ShopSetup, "regionId" | "variantId"> & { readonly optionId?: string },
  attributes: CartAttributes = {},
) {
  const { quantity = 1, email = "gro@example.com", discounts, giftCards, headers } = attributes;
  const address = setup.optionId ? shippingAddress : undefined;
  const post = async (path: string, body: object) => {
    const answer = await shopper.post(`/store/carts${path}`, body, headers);
    if (answer.status !== 200) throw new Error(`No cart: ${answer.status} ${answer.text}`);
    return answer.body.cart;
  };
  const items = [{ variant_id: setup.variantId, quantity }];
  const { id } = await post("", { region_id: setup.regionId, items });
  await post(`/${id}`, {
    email,
    shipping_address: address,
    billing_address: address,
    discounts: discounts?.map((code) => ({ code })),
    gift_cards: giftCards?.map((code) => ({ code })),
  });
  if (setup.optionId) await post(`/${id}/shipping-methods`, { option_id: setup.optionId });
  return post(`/${id}/payment-sessions`, {});
}

const shippingAddress = {
  first_name: "Gro",
  last_name: "Holm",
  address_1: "Kaje 4",
  city: "Berlin",
  postal_code: "10115",
};

/** Fills a cart as a shopper does, up to its payment sessions, and returns its id. */
export async function aFilledCart(...args: Parameters<typeof fillCart>): Promise<string> {
  return (await fillCart(...args)).id;
}

/** Builds a selected payment session of the manual provider, as one that was initiated. */
export const aPaymentSession = (knex: Knex, attributes: Row = {}): Promise<InsertedRow> =>
  insert(knex, "payment_session", {
    id: newId("ps"),
    provider_id: "manual",
    is_selected: true,
    is_initiated: true,
    status: "pending",
    data: {},
    amount: 1000,
    ...attributes,
  });
