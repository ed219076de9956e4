import assert from "node:assert/strict";
import { clientAt } from "../../support/api-client.ts";
import { fillCart } from "../../support/builders.ts";
import { completeCart } from "../complete-cart.ts";
import { unwrap } from "../create-in-admin.ts";
import { aPerson, logIn, type Person, register } from "./shop-users.ts";
import type { Takeover } from "./takeover.ts";

/** Accounts of customers who come back after the takeover. */
export interface Accounts {
  /** Registers at Nettle. */
  readonly newcomer: Person;
  /** Has registered at Medusa, and changes the password at Nettle. */
  readonly changed: Person;
  readonly newPassword: string;
  /** Has registered at Medusa, and only logs in. */
  readonly loyal: Person;
}

/** Registers those of them who are Medusa's customers. */
export async function openAccounts({ medusa }: Takeover): Promise<Accounts> {
  const store = clientAt(medusa.running.url);
  const [newcomer, changed, loyal] = [aPerson(), aPerson(), aPerson()];
  for (const person of [changed, loyal]) await register(store, person);
  return { newcomer, changed, loyal, newPassword: "over-the-moors" };
}

/** Sells at Nettle, and expects Medusa's admin to show it; changes accounts at Nettle. */
export async function proveSales(
  { medusa, rows, written }: Takeover,
  nettle: string,
  { newcomer, changed, newPassword, loyal }: Accounts,
): Promise<void> {
  const store = clientAt(nettle);
  const customer = await register(store, newcomer);
  written.customer.push(customer.id);
  const headers = await logIn(store, newcomer);
  const setup = { ...rows, variantId: rows.shown.variantId };
  const cart = await fillCart(store, setup, { quantity: 2, email: newcomer.email, headers });
  const order = await completeCart(store, cart.id, headers);
  written.cart.push(cart.id);
  written.order.push(order.id);

  const seen = await unwrap(medusa.admin.get(`/admin/orders/${order.id}`), "order");
  const { display_id, total, email } = order;
  assert.deepEqual(
    { display_id: seen.display_id, total: seen.total, email: seen.email },
    { display_id, total, email },
  );
  assert.equal(seen.customer_id, customer.id);
  const listed = await unwrap(medusa.admin.get(`/admin/orders?q=${newcomer.email}`), "orders");
  assert.deepEqual(
    listed.map(({ id }: { id: string }) => id),
    [order.id],
  );

  await logIn(store, loyal);
  const own = await logIn(store, changed);
  const change = { password: newPassword };
  await unwrap(store.post("/store/customers/me", change, own), "customer");
}

/**
 * Expects Medusa to sell, to know every account with its last password, and to go on with the
 * orders that were placed at Nettle.
 */
export async function proveWayBack(
  { medusa, rows, written }: Takeover,
  { newcomer, changed, newPassword, loyal }: Accounts,
): Promise<string> {
  const store = clientAt(medusa.running.url);
  for (const person of [newcomer, loyal, { ...changed, password: newPassword }])
    await logIn(store, person);
  await assert.rejects(logIn(store, changed), /Answered 401/, "The old password still opens");
  const setup = { ...rows, variantId: rows.shown.variantId };
  const order = await completeCart(store, (await fillCart(store, setup)).id);
  written.order.push(order.id);
  const { orders } = (await store.get("/store/customers/me/orders", await logIn(store, newcomer)))
    .body;
  assert.equal(orders.length, 1);
  const captured = await unwrap(
    medusa.admin.post(`/admin/orders/${orders[0].id}/capture`, {}),
    "order",
  );
  assert.equal(captured.payment_status, "captured");
  return "3 customers logged in, an order was placed, one of Nettle's was captured";
}
