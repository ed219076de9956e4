import type { Transaction } from "../../commands/transaction.ts";
import { executeRequired, required, sql } from "../../database/sql.ts";
import { lockVariants } from "./lock-variants.ts";

/** A quantity of a variant. */
export interface StockRequest {
  readonly variantId: string;
  readonly quantity: number;
}

/** How far stock falls that is not managed, or may be negative: no further order can overflow. */
const LOWEST_STOCK = -2_000_000_000;

/**
 * Decrements stock: for each variant by all of its quantity. Locks the variants in the order of
 * their ids. As in Medusa, stock that is not managed is decremented too, and backorders make it
 * negative; it stays where it is below a floor. The statements are sent ahead: if the stock of some
 * variants does not suffice, the transaction fails with the error that `lacking` returns for their
 * ids. To be called last, since every other order of a variant waits from then on.
 */
export function reserveStock(
  trx: Transaction,
  requests: readonly StockRequest[],
  lacking: (ids: readonly string[]) => Error,
): void {
  if (requests.length === 0) return;
  const quantityById = new Map<string, number>();
  for (const { variantId, quantity } of requests)
    quantityById.set(variantId, (quantityById.get(variantId) ?? 0) + quantity);
  const ids = [...quantityById.keys()].toSorted();
  const quantities = ids.map((id) => quantityById.get(id)!);
  lockVariants(trx, ids);
  executeRequired(
    trx,
    sql`with reserved as (
        update product_variant v
        set inventory_quantity = greatest(v.inventory_quantity - w.quantity, ${LOWEST_STOCK}),
          updated_at = now()
        from unnest(${ids}::text[], ${quantities}::bigint[]) as w (id, quantity)
        where v.id = w.id and v.deleted_at is null
          and (v.allow_backorder or not v.manage_inventory or v.inventory_quantity >= w.quantity)
        returning v.id
      ),
      lacking as (
        select json_agg(id) as ids from unnest(${ids}::text[]) as id
        where id not in (select id from reserved)
      )
      select ${required(sql`ids is null`, sql`ids::text`)} from lacking`,
    (details) => lacking(JSON.parse(details) as string[]),
  );
}
