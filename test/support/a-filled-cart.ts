import type { Knex } from "knex";
import { aProduct, aRegion } from "./builders.ts";
import type { ApiClient } from "./open-shop.ts";

interface ShopSetupAttributes {
  readonly stock?: number;
  readonly price?: number;
  readonly providers?: readonly string[];
  /** Columns of the region. */
  readonly region?: Readonly<Record<string, unknown>>;
}

/**
 * A region without taxes, unless wished otherwise, and a product in it of which there is so much:
 * what it takes to fill a cart.
 */
export async function aShopSetup(
  knex: Knex,
  {
    stock = 100,
    price = 1000,
    providers = ["manual"],
    region: regionAttributes,
  }: ShopSetupAttributes = {},
) {
  const region = await aRegion(knex, { tax_rate: 0, ...regionAttributes });
  await knex("region_payment_providers").where({ region_id: region.id }).delete();
  await knex("region_payment_providers").insert(
    providers.map((provider_id) => ({ region_id: region.id, provider_id })),
  );
  const product = await aProduct(knex, {
    variants: [{ inventory_quantity: stock, prices: [{ amount: price }] }],
  });
  const variant = await knex("product_variant").where({ product_id: product.id }).first("id");
  return { regionId: region.id, variantId: variant.id as string };
}

interface CartAttributes {
  readonly quantity?: number;
  readonly email?: string;
  readonly discounts?: readonly string[];
  readonly giftCards?: readonly string[];
}

/**
 * The id of a cart with pieces of the till's product, an e-mail address and, where something is
 * due, payment sessions.
 */
export async function aFilledCart(
  shopper: ApiClient,
  setup: { readonly regionId: string; readonly variantId: string },
  { quantity = 1, email = "gro@example.com", discounts, giftCards }: CartAttributes = {},
): Promise<string> {
  const items = [{ variant_id: setup.variantId, quantity }];
  const { body } = await shopper.post("/store/carts", { region_id: setup.regionId, items });
  const codes = (list: readonly string[] | undefined) => list?.map((code) => ({ code }));
  await shopper.post(`/store/carts/${body.cart.id}`, {
    email,
    discounts: codes(discounts),
    gift_cards: codes(giftCards),
  });
  await shopper.post(`/store/carts/${body.cart.id}/payment-sessions`);
  return body.cart.id;
}
