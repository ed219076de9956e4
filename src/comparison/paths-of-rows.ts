import type { Knex } from "knex";

/** Returns the paths of the newest carts and orders of a database, `count` of each. */
export async function pathsOfRows(knex: Knex, count: number): Promise<string[]> {
  const idsOf = (table: string): Promise<string[]> =>
    knex(table).orderBy("created_at", "desc").limit(count).pluck("id");
  const [carts, orders] = [await idsOf("cart"), await idsOf("order")];
  return [...carts.flatMap(pathsOfCart), ...orders.flatMap(pathsOfOrder)];
}

/** Returns the reads of a storefront that knows a cart's id. */
export const pathsOfCart = (id: string): string[] => [
  `/store/carts/${id}`,
  `/store/shipping-options/${id}`,
];

/** Returns the reads of a storefront that knows an order's id. */
export const pathsOfOrder = (id: string): string[] => [`/store/orders/${id}`];
