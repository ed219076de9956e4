import type { Knex } from "knex";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { newId } from "../../database/new-id.ts";
import type { AddressChange } from "../customers/address-schemas.ts";
import { findAddress } from "./cart-queries.ts";
import { isCountryOf } from "./cart-rules.ts";
import type { Address, Cart } from "./cart-tree.ts";
import { emptyAddress } from "./new-rows.ts";

type AddressInput = AddressChange | string | null | undefined;

/**
 * Changes the cart's billing address: null removes it, an id selects one of the customer's
 * addresses, and an object changes the present address or creates one.
 * @throws NotFoundError if the address does not exist, or is not the customer's
 */
export async function changeBillingAddress(
  trx: Knex.Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: AddressInput,
): Promise<Cart> {
  if (input === undefined) return cart;
  const billing_address = await resolveAddress(
    trx,
    ctx,
    cart,
    editableAddress(cart, "billing_address"),
    input,
  );
  return { ...cart, billing_address, billing_address_id: billing_address?.id ?? null };
}

/**
 * Changes the cart's shipping address in the same way.
 * @throws NotFoundError if the address does not exist, or is not the customer's
 * @throws InvalidDataError if the country is not in the cart's region
 */
export async function changeShippingAddress(
  trx: Knex.Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: AddressInput,
): Promise<Cart> {
  if (input === undefined) return cart;
  const shipping_address = await resolveAddress(
    trx,
    ctx,
    cart,
    editableAddress(cart, "shipping_address"),
    input,
  );
  const country = typeof input === "string" ? shipping_address?.country_code : input?.country_code;
  if (country && !isCountryOf(cart.region, country))
    throw new InvalidDataError("Shipping country must be in the cart region");
  return { ...cart, shipping_address, shipping_address_id: shipping_address?.id ?? null };
}

/**
 * Returns the cart with another country, or none, in its shipping address. A missing address is
 * created.
 */
export function withShippingCountry(cart: Cart, country_code: string | null, now: Date): Cart {
  const shipping_address = mergedAddress(
    editableAddress(cart, "shipping_address"),
    { country_code },
    now,
  );
  return { ...cart, shipping_address, shipping_address_id: shipping_address.id };
}

async function resolveAddress(
  trx: Knex.Transaction,
  ctx: RequestContext,
  cart: Cart,
  present: Address | null,
  input: Exclude<AddressInput, undefined>,
): Promise<Address | null> {
  if (input === null) return null;
  return typeof input === "string"
    ? findNamedAddress(trx, ctx, cart, input)
    : mergedAddress(present, input, ctx.now);
}

/**
 * Returns one of the customer's addresses, or one that the cart already has.
 * @throws NotFoundError if it is neither
 */
async function findNamedAddress(
  trx: Knex.Transaction,
  ctx: RequestContext,
  cart: Cart,
  id: string,
): Promise<Address> {
  const known = [cart.shipping_address, cart.billing_address].find((address) => address?.id === id);
  const address = known ?? (await findAddress(trx, id));
  const isOwn =
    address &&
    (known !== undefined ||
      (address.customer_id !== null && address.customer_id === ctx.customerId));
  if (!isOwn) throw new NotFoundError(`Address with id ${id} was not found`);
  return address;
}

function mergedAddress(
  present: Address | null,
  change: Partial<AddressChange>,
  now: Date,
): Address {
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  return { ...(present ?? emptyAddress(now)), ...given };
}

/**
 * Returns the address that a change of the cart's address starts from: a copy, if it is an entry of
 * an address book, the order's address of a swap, or both of the cart's addresses.
 */
function editableAddress(
  cart: Cart,
  which: "billing_address" | "shipping_address",
): Address | null {
  const address = cart[which];
  const isShared =
    cart.type === "swap" ||
    address?.customer_id !== null ||
    cart.billing_address_id === cart.shipping_address_id;
  return address && isShared ? { ...address, id: newId("addr"), customer_id: null } : address;
}
