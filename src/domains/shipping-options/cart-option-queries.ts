import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";

const shape = shapeOf(shippingOption, {
  paths: ["requirements", "profile", "tax_rates"],
});

/** A shipping option with what decides whether a cart may have it, and with its own tax rates. */
export type CartOption = TreeOfShape<typeof shape>;

/** Returns a shipping option, or undefined if it does not exist. */
export function findCartOption(connection: Knex, id: string): Promise<CartOption | undefined> {
  return loadTree(connection, shape, id);
}

/**
 * Returns the options of some shipping profiles in a region that a storefront may show, oldest
 * first.
 */
export async function findCartOptions(
  connection: Knex,
  regionId: string,
  profileIds: readonly string[],
): Promise<CartOption[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from shipping_option t
      where t.deleted_at is null and not t.admin_only and not t.is_return
        and t.region_id = ${regionId} and t.profile_id = any(${profileIds})
      order by t.created_at, t.id`,
  );
  return loadTrees(
    connection,
    shape,
    rows.map(({ id }) => id),
  );
}
