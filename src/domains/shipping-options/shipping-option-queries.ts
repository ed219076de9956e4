import type { Knex } from "knex";
import { all, query, sql } from "../../database/sql.ts";
import type { ShippingOptionsQuery } from "./shipping-option-schemas.ts";

/** Returns the ids of the shipping options that a storefront may show, oldest first. */
export async function findShippingOptionIds(
  connection: Knex,
  filter: ShippingOptionsQuery,
): Promise<string[]> {
  const { region_id: regionId, is_return: isReturn, product_ids: products } = filter;
  const where = all([
    sql`t.deleted_at is null`,
    sql`not t.admin_only`,
    ...(regionId ? [sql`t.region_id = ${regionId}`] : []),
    ...(isReturn === undefined ? [] : [sql`t.is_return = ${isReturn}`]),
    ...(products
      ? [
          sql`t.profile_id in (select j.profile_id
            from product_shipping_profile j join product p on p.id = j.product_id
            where p.id = any(${products.split(",")}) and p.deleted_at is null)`,
        ]
      : []),
  ]);
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from shipping_option t where ${where} order by t.created_at, t.id`,
  );
  return rows.map((row) => row.id);
}
