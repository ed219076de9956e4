import type { Knex } from "knex";
import type { Tree } from "../../graph/entity.ts";
import { loadPage } from "../../graph/load-tree.ts";
import { customerOrdersOnPage } from "./order-queries.ts";
import type { CustomerOrdersQuery } from "./order-schemas.ts";
import { ownOrders } from "./order-view.ts";

/** A page of orders, and its position in the list. */
export interface OrderPage {
  readonly orders: Tree[];
  readonly count: number;
  readonly offset: number;
  readonly limit: number;
}

/**
 * Returns a page of a customer's own orders with their totals, newest first. With `limit` 0 the
 * page has up to `maxRows` orders.
 * @throws InvalidDataError naming fields or relations that do not exist
 */
export async function listCustomerOrders(
  connection: Knex,
  customerId: string,
  query: CustomerOrdersQuery,
  maxRows: number,
): Promise<OrderPage> {
  const { offset = 0, limit = 10, q } = query;
  const { shape, present } = ownOrders(query, q ? ["shipping_address", "customer"] : []);
  const page = customerOrdersOnPage(customerId, query, { offset, limit: limit || maxRows });
  const { trees, count } = await loadPage(connection, shape, page, customerId);
  return { orders: trees.map(present), count, offset, limit };
}
