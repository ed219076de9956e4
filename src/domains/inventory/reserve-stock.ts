import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { lockVariants } from "./lock-variants.ts";

/** So many pieces of a variant. */
export interface StockRequest {
  readonly variantId: string;
  readonly quantity: number;
}

/**
 * Takes pieces out of stock, each variant's all or none, and gives the ids of those of which there
 * are not enough. Variants are locked in the order of their ids. Stock that is not kept falls, too,
 * and what may be owed falls below zero, as in Medusa.
 */
export async function reserveStock(
  trx: Knex.Transaction,
  requests: readonly StockRequest[],
): Promise<string[]> {
  if (requests.length === 0) return [];
  const wanted = new Map<string, number>();
  for (const { variantId, quantity } of requests)
    wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
  const ids = [...wanted.keys()].toSorted();
  const quantities = ids.map((id) => wanted.get(id)!);
  await lockVariants(trx, ids);
  const taken = await query<{ id: string }>(
    trx,
    sql`update product_variant v set inventory_quantity = v.inventory_quantity - w.quantity, updated_at = now()
      from unnest(${ids}::text[], ${quantities}::int[]) as w (id, quantity)
      where v.id = w.id and v.deleted_at is null
        and (v.allow_backorder or not v.manage_inventory or v.inventory_quantity >= w.quantity)
      returning v.id`,
  );
  const found = new Set(taken.map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}
