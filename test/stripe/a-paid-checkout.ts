import { expect } from "vitest";
import type { CheckoutCart } from "../checkout/fail-points.ts";
import { clientAt } from "../support/api-client.ts";
import { aShopSetup, fillCart } from "../support/builders.ts";
import type { FakeStripe } from "../support/fake-stripe/fake-stripe.ts";
import type { Servers } from "../support/open-servers.ts";

/** A cart whose shopper has paid in the browser, and has not completed it yet. */
export interface PaidCheckout extends CheckoutCart {
  /** The id of its payment intent. */
  readonly intent: string;
}

interface StripeShop {
  readonly stripe: FakeStripe;
  readonly servers: Servers;
}

/** Fills a cart with one of three items in stock at 10.00, and pays it in the browser. */
export async function aPaidCheckout({ stripe, servers }: StripeShop): Promise<PaidCheckout> {
  const setup = await aShopSetup(servers.knex, { providers: ["stripe"], stock: 3 });
  const cart = await fillCart(clientAt(servers.survivor), setup);
  const { id, client_secret } = cart.payment_session.data;
  expect((await stripe.confirm(client_secret)).status).toBe(200);
  return { cart: cart.id, variantId: setup.variantId, intent: id };
}

/**
 * Expects one order, one item sold and money for it; or none of them, an open cart, and that
 * whatever was paid went back.
 */
export async function expectOrderOrMoneyBack(
  { stripe, servers }: StripeShop,
  { cart, variantId, intent }: PaidCheckout,
  isOrder: boolean,
): Promise<void> {
  const { knex } = servers;
  expect(await knex("order").where({ cart_id: cart })).toHaveLength(isOrder ? 1 : 0);
  const variant = await knex("product_variant").where({ id: variantId }).first();
  expect(variant.inventory_quantity).toBe(isOrder ? 2 : 0);
  const hasMoney = () => {
    const { account } = stripe;
    const one = account.intent(intent);
    return one.amount_capturable + account.keptOf(one);
  };
  await expect.poll(hasMoney, { timeout: 40_000 }).toBe(isOrder ? 1000 : 0);
  const { completed_at } = await knex("cart").where({ id: cart }).first();
  expect(completed_at !== null).toBe(isOrder);
}

/** Lets the leases of a process that was killed end, as they do after a while. */
export async function endLeases({ knex, terminateVictimConnections }: Servers): Promise<void> {
  // As if the database had noticed that the process is gone.
  await terminateVictimConnections();
  const ended = { claimed_until: knex.raw("now() - interval '1 minute'") };
  await knex("nettle_checkout").update(ended);
  await knex("nettle_payment_release").whereNull("released_at").update(ended);
  // The process may have taken the events that it published before it was killed.
  await knex("nettle_delivery").update({ due_at: knex.fn.now() });
}
