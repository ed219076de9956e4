import type { Knex } from "knex";
import { aProduct, aRegion } from "../support/builders.ts";
import type { ApiClient } from "../support/open-shop.ts";
import { anOrder, type OrderAttributes } from "../support/order-builders.ts";

interface ShopSetupAttributes {
  readonly stock?: number;
  /** What costs a piece of what is sent instead. */
  readonly price?: number;
  readonly providers?: readonly string[];
}

/** A region that Germany is in, at 19 percent, and a product in it. */
export async function aShopSetup(
  knex: Knex,
  { stock = 100, price = 2000, providers = ["manual"] }: ShopSetupAttributes = {},
) {
  const region = await aRegion(knex, { countries: ["de"] });
  await knex("region_payment_providers").where({ region_id: region.id }).delete();
  await knex("region_payment_providers").insert(
    providers.map((provider_id) => ({ region_id: region.id, provider_id })),
  );
  const product = await aProduct(knex, {
    variants: [{ inventory_quantity: stock, prices: [{ amount: price }] }],
  });
  return { regionId: region.id, productId: product.id, variantId: product.variants[0]!.id };
}
export type ShopSetup = Awaited<ReturnType<typeof aShopSetup>>;

/**
 * An order of the stall's region that was paid and sent, two pieces at 10.00 € unless wished
 * otherwise, and the ids of its lines.
 */
export async function aShippedOrder(
  knex: Knex,
  { regionId }: ShopSetup,
  attributes: OrderAttributes = {},
) {
  const order = await anOrder(knex, {
    region_id: regionId,
    fulfillment_status: "shipped",
    lines: [{ quantity: 2 }],
    ...attributes,
  });
  const lines = await knex("line_item").where({ order_id: order.id }).orderBy("id");
  return {
    id: order.id,
    customerId: order.customer_id,
    lines: lines.map(({ id }) => id as string),
  };
}
export type ShippedOrder = Awaited<ReturnType<typeof aShippedOrder>>;

/** Asks to swap one piece of the order's first line for one of the stall's. */
export function swapRequest(
  order: ShippedOrder,
  setup: ShopSetup,
  quantities = { back: 1, instead: 1 },
) {
  return {
    order_id: order.id,
    return_items:
      quantities.back > 0 ? [{ item_id: order.lines[0], quantity: quantities.back }] : [],
    additional_items:
      quantities.instead > 0 ? [{ variant_id: setup.variantId, quantity: quantities.instead }] : [],
  };
}

/** A swap that was asked for, with payment sessions where something is due. */
export async function aSwap(
  shopper: ApiClient,
  body: object,
): Promise<{ id: string; cartId: string; returnId: string }> {
  const { body: answer } = await shopper.post("/store/swaps", body);
  const { id, cart_id: cartId, return_order } = answer.swap;
  await shopper.post(`/store/carts/${cartId}/payment-sessions`);
  return { id, cartId, returnId: return_order.id };
}
