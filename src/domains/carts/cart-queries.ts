import type { Knex } from "knex";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import { address, customer } from "../../graph/entities/customer-entities.ts";
import { region } from "../../graph/entities/region-entities.ts";
import { loadFoundTrees, loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Address, CartCustomer, CartRegion } from "./cart-tree.ts";

const regionShape = shapeOf(region, { paths: ["countries", "payment_providers"] });
const customerShape = shapeOf(customer, { paths: ["groups"] });
const addressShape = shapeOf(address, {});

/**
 * Returns a region with the relations that carts need.
 * @throws NotFoundError if the region does not exist
 */
export async function findRegion(connection: Knex, id: string): Promise<CartRegion> {
  const tree = await loadTree(connection, regionShape, id);
  if (!tree) throw new NotFoundError(`Region with ${id} was not found`);
  return tree;
}

/** Returns the id of the shop's oldest region, or undefined if it has none. */
export async function findFirstRegionId(connection: Knex): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select id from region where deleted_at is null order by created_at, id limit 1`,
  );
  return row?.id;
}

/** Returns a customer with their groups, or undefined. */
export function findCartCustomer(connection: Knex, id: string): Promise<CartCustomer | undefined> {
  return loadTree(connection, customerShape, id);
}

/** Returns the guest with an e-mail in lower case, with their groups, or undefined. */
export async function findCartGuest(
  connection: Knex,
  email: string,
): Promise<CartCustomer | undefined> {
  const [guest] = await loadFoundTrees(
    connection,
    customerShape,
    sql`select array(select id::text from customer
      where email = ${email} and not has_account and deleted_at is null)`,
  );
  return guest;
}

/** Returns an address, or undefined. */
export function findAddress(connection: Knex, id: string): Promise<Address | undefined> {
  return loadTree(connection, addressShape, id);
}

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly is_disabled: boolean;
}

/**
 * Returns the id of a sales channel, by default the store's default channel; null if there is none.
 * @throws NotFoundError if the channel does not exist
 * @throws InvalidDataError if the channel is disabled
 */
export async function findOpenChannel(
  connection: Knex,
  id: string | undefined,
): Promise<string | null> {
  const wanted =
    id === undefined ? sql`(select default_sales_channel_id from store limit 1)` : sql`${id}`;
  const [channel] = await query<Channel>(
    connection,
    sql`select id, name, is_disabled from sales_channel
      where id = ${wanted} and deleted_at is null`,
  );
  if (!channel && id !== undefined)
    throw new NotFoundError(`Sales channel with id: ${id} was not found`);
  if (channel?.is_disabled)
    throw new InvalidDataError(
      `Unable to assign the cart to a disabled Sales Channel "${channel.name}"`,
    );
  return channel?.id ?? null;
}

/** Returns those of the products that a sales channel sells. */
export async function findProductsOfChannel(
  connection: Knex,
  channelId: string,
  productIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select product_id as id from product_sales_channel
      where sales_channel_id = ${channelId} and product_id = any(${productIds})`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Whose a cart is, and what decides whether it may become another customer's. */
export interface CartOwner {
  readonly type: string;
  readonly completed_at: string | null;
  readonly customer_id: string | null;
  readonly customer: { readonly id: string; readonly has_account: boolean } | null;
  /** Whether the cart is being completed. */
  readonly is_being_completed: boolean;
}

/** Returns the owner of a cart, or undefined if the cart does not exist. */
export async function findOwner(connection: Knex, cartId: string): Promise<CartOwner | undefined> {
  const [row] = await query<CartOwner>(
    connection,
    sql`select c.type, c.completed_at, c.customer_id,
        (select json_build_object('id', u.id, 'has_account', u.has_account) from customer u
          where u.id = c.customer_id and u.deleted_at is null) as customer,
        exists (select 1 from nettle_checkout k
          where k.cart_id = c.id and k.claimed_until > now()) as is_being_completed
      from cart c where c.id = ${cartId} and c.deleted_at is null`,
  );
  return row;
}
