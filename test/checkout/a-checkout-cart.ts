import { expect } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import type { Servers } from "../support/open-servers.ts";
import type { CheckoutCart, FailPoint } from "./fail-points.ts";

/** Fills a cart with one of three items in stock, to be paid with the fake payment provider. */
export async function aCheckoutCart({ knex, survivor }: Servers): Promise<CheckoutCart> {
  const setup = await aShopSetup(knex, { providers: ["remote"], stock: 3 });
  return { cart: await aFilledCart(clientAt(survivor), setup), variantId: setup.variantId };
}

/** Expects one order, one item sold and one payment; or none of them and an open cart. */
export async function expectResult(
  { knex, service }: Servers,
  { expectedResult }: FailPoint,
  { cart, variantId }: CheckoutCart,
  heldBefore: number,
): Promise<void> {
  const isOrder = expectedResult === "order";
  expect(await knex("order").where({ cart_id: cart })).toHaveLength(isOrder ? 1 : 0);
  const variant = await knex("product_variant").where({ id: variantId }).first();
  expect(variant.inventory_quantity).toBe(isOrder ? 2 : 0);
  // A release that was interrupted is resumed once its lease has ended, by the next round.
  await expect
    .poll(() => service.ledger.totals().held, { timeout: 30_000 })
    .toBe(heldBefore + (isOrder ? 1000 : 0));
  expect(await knex("payment").where({ cart_id: cart }).whereNull("canceled_at")).toHaveLength(
    isOrder ? 1 : 0,
  );
  const { completed_at, payment_authorized_at } = await knex("cart").where({ id: cart }).first();
  expect([completed_at !== null, payment_authorized_at !== null]).toEqual([isOrder, isOrder]);
  expect(await knex("nettle_checkout")).toEqual([]);
}
