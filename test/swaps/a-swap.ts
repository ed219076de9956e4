import type { Knex } from "knex";
import type { ApiClient } from "../support/api-client.ts";
import { aShopSetup, type ShippedOrder, type ShopSetup } from "../support/builders.ts";

/** Builds a region with Germany, at 19 percent, and a product at 20.00 €. */
export const aSwapSetup = (knex: Knex, attributes: Parameters<typeof aShopSetup>[1] = {}) =>
  aShopSetup(knex, { price: 2000, region: { countries: ["de"], tax_rate: 19 }, ...attributes });

/** Returns the body that requests a swap of the order's first line for the setup's product. */
export function swapRequest(
  order: Pick<ShippedOrder, "id" | "lines">,
  { variantId }: Pick<ShopSetup, "variantId">,
  quantities = { returned: 1, additional: 1 },
) {
  const { returned, additional } = quantities;
  return {
    order_id: order.id,
    return_items: returned > 0 ? [{ item_id: order.lines[0], quantity: returned }] : [],
    additional_items: additional > 0 ? [{ variant_id: variantId, quantity: additional }] : [],
  };
}

/** Requests a swap and creates the payment sessions of its cart. */
export async function aSwap(
  shopper: ApiClient,
  body: object,
): Promise<{ id: string; cartId: string; returnId: string }> {
  const { body: answer } = await shopper.post("/store/swaps", body);
  const { id, cart_id: cartId, return_order } = answer.swap;
  await shopper.post(`/store/carts/${cartId}/payment-sessions`);
  return { id, cartId, returnId: return_order.id };
}
