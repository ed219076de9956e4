import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import {
  shippingOption,
  type shippingOptionRequirement,
} from "../../graph/entities/shipping-entities.ts";
import type { Row } from "../../graph/entity.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";

/** A shipping option with what decides whether a cart may have it, and with its own tax rates. */
export interface CartOption extends Readonly<Row<typeof shippingOption>> {
  readonly requirements: readonly Row<typeof shippingOptionRequirement>[];
  readonly profile: Readonly<Record<string, unknown>> | null;
  readonly tax_rates: readonly never[];
}

const shape = shapeOf(shippingOption, {
  paths: ["requirements", "profile"],
  needed: ["tax_rates"],
});

/** Returns a shipping option, or undefined if it does not exist. */
export async function findCartOption(
  connection: Knex,
  id: string,
): Promise<CartOption | undefined> {
  const [tree] = await loadTrees(connection, shape, [id]);
  return tree as unknown as CartOption | undefined;
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
  const trees = await loadTrees(
    connection,
    shape,
    rows.map(({ id }) => id),
  );
  return trees as unknown as CartOption[];
}
