import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { lockVariants } from "./lock-variants.ts";

/** A quantity of a variant. */
export interface StockRequest {
  readonly variantId: string;
  readonly quantity: number;
}

/** How far stock falls that is not managed, or may be negative: no further order can overflow. */
const LOWEST_STOCK = -2_000_000_000;

/**
 * Decrements stock: for each variant by all of its quantity, or not at all. Returns the ids of the
 * variants whose stock does not suffice. Locks the variants in the order of their ids. As in
 * Medusa, stock that is not managed is decremented too, and backorders make it negative; it stays
 * where it is below a floor.
 */
export async function reserveStock(
  trx: Knex.Transaction,
  requests: readonly StockRequest[],
): Promise<string[]> {
  if (requests.length === 0) return [];
  const quantityById = new Map<string, number>();
  for (const { variantId, quantity } of requests)
    quantityById.set(variantId, (quantityById.get(variantId) ?? 0) + quantity);
  const ids = [...quantityById.keys()].toSorted();
  const quantities = ids.map((id) => quantityById.get(id)!);
  await lockVariants(trx, ids);
  const reserved = await query<{ id: string }>(
    trx,
    sql`update product_variant v
      set inventory_quantity = greatest(v.inventory_quantity - w.quantity, ${LOWEST_STOCK}),
        updated_at = now()
      from unnest(${ids}::text[], ${quantities}::bigint[]) as w (id, quantity)
      where v.id = w.id and v.deleted_at is null
        and (v.allow_backorder or not v.manage_inventory or v.inventory_quantity >= w.quantity)
      returning v.id`,
  );
  const reservedIds = new Set(reserved.map(({ id }) => id));
  return ids.filter((id) => !reservedIds.has(id));
}
