import { expect } from "vitest";
import { aFilledCart, aTill } from "../payments/a-cart.ts";
import { type Servers, visitorAt } from "./cut-off.ts";
import type { Doomed, Moment } from "./moments.ts";

/** A cart with one of three pieces, to be paid with the payment service. */
export async function aDoomedCart({ knex, survivor }: Servers): Promise<Doomed> {
  const till = await aTill(knex, { providers: ["remote"], stock: 3 });
  return { cart: await aFilledCart(visitorAt(survivor), till), variantId: till.variantId };
}

/** One order, one piece, one payment; or none of each, and the cart is open. */
export async function expectCameTo(
  { knex, service }: Servers,
  { comesTo }: Moment,
  { cart, variantId }: Doomed,
  heldBefore: number,
): Promise<void> {
  const isOrder = comesTo === "order";
  expect(await knex("order").where({ cart_id: cart })).toHaveLength(isOrder ? 1 : 0);
  const variant = await knex("product_variant").where({ id: variantId }).first();
  expect(variant.inventory_quantity).toBe(isOrder ? 2 : 0);
  expect(service.ledger.totals().held).toBe(heldBefore + (isOrder ? 1000 : 0));
  expect(await knex("payment").where({ cart_id: cart }).whereNull("canceled_at")).toHaveLength(isOrder ? 1 : 0);
  const { completed_at, payment_authorized_at } = await knex("cart").where({ id: cart }).first();
  expect([completed_at !== null, payment_authorized_at !== null]).toEqual([isOrder, isOrder]);
  expect(await knex("nettle_checkout")).toEqual([]);
}
