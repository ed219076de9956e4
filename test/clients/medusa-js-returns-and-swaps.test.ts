import Medusa from "@medusajs/medusa-js";
import { describe, expect, it } from "vitest";
import { aShippedOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aSwapSetup } from "../swaps/a-swap.ts";

/**
 * The published client after the sale, as storefronts use it: with retries, and therefore with
 * idempotency keys.
 */
describe("medusa-js after the sale", () => {
  const shop = openShop();

  it("requests a return, and a swap whose cart it completes", async () => {
    const { carts, returns, swaps } = new Medusa({ baseUrl: shop.url, maxRetries: 3 });
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      lines: [{ quantity: 2 }],
    });
    const items = [{ item_id: order.lines[0]!, quantity: 1, note: "Too tight" }];
    const { return: back } = await returns.create({ order_id: order.id, items });
    expect(back).toMatchObject({ status: "requested", refund_amount: 1190 });
    const additional_items = [{ variant_id: setup.variantId, quantity: 1 }];
    const { swap } = await swaps.create({
      order_id: order.id,
      return_items: items,
      additional_items,
    });
    expect((await swaps.retrieveByCartId(swap.cart_id)).swap).toMatchObject({
      id: swap.id,
      payment_status: "not_paid",
    });
    const { cart } = await carts.createPaymentSessions(swap.cart_id);
    expect(cart).toMatchObject({
      type: "swap",
      total: 1190,
      payment_session: { provider_id: "manual" },
    });
    const completion = await carts.complete(swap.cart_id);
    expect(completion).toMatchObject({ type: "swap", data: { id: swap.id, difference_due: 1190 } });
  });

  it("receives refusals with a message", async () => {
    const { returns } = new Medusa({ baseUrl: shop.url, maxRetries: 3 });
    const order = await aShippedOrder(shop.knex);
    const items = [{ item_id: order.lines[0]!, quantity: 3 }];
    await expect(returns.create({ order_id: order.id, items })).rejects.toMatchObject({
      response: {
        status: 400,
        data: { type: "not_allowed", message: "Cannot return more items than have been purchased" },
      },
    });
  });
});
