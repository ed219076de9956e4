import type { Knex } from "knex";
import type { Page } from "../../database/page.ts";
import { numberConditions } from "../../database/range-conditions.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import type { VariantsQuery } from "./variant-schemas.ts";

const published = sql`exists (select 1 from product p
  where p.id = t.product_id and p.deleted_at is null and p.status = 'published')`;

/**
 * Returns the ids of a page of variants of published products, newest first. With `channels`
 * undefined, it searches every sales channel.
 */
export async function findVariantIds(
  connection: Knex,
  filter: VariantsQuery,
  channels: readonly string[] | undefined,
  { limit, offset }: Page,
): Promise<string[]> {
  const ids = filter.ids ? filter.ids.split(",") : filter.id;
  const where = all([
    sql`t.deleted_at is null`,
    published,
    ...(ids ? [sql`t.id = any(${ids})`] : []),
    ...(filter.title ? [sql`t.title = any(${filter.title})`] : []),
    ...numberConditions(sql`t.inventory_quantity`, filter.inventory_quantity),
    ...inChannels(channels),
  ]);
  const limitAndOffset = raw(`limit ${Number(limit)} offset ${Number(offset)}`);
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from product_variant t
      where ${where} order by t.created_at desc, t.id desc ${limitAndOffset}`,
  );
  return rows.map((row) => row.id);
}

function inChannels(channels: readonly string[] | undefined): Sql[] {
  if (!channels) return [];
  return [
    sql`exists (select 1 from product_sales_channel j
      where j.product_id = t.product_id and j.sales_channel_id = any(${channels}))`,
  ];
}

/**
 * Returns whether a variant exists and its product is published, and whether it is in one of the
 * channels.
 */
export async function findVariantVisibility(
  connection: Knex,
  id: string,
  channels: readonly string[],
): Promise<{ published: boolean; inChannel: boolean }> {
  const [row] = await query<{ published: boolean; in_channel: boolean }>(
    connection,
    sql`select
      exists (select 1 from product_variant t
        where t.id = ${id} and t.deleted_at is null and ${published}) as published,
      exists (select 1
        from product_variant t join product_sales_channel j on j.product_id = t.product_id
        where t.id = ${id} and j.sales_channel_id = any(${channels})) as in_channel`,
  );
  return { published: row?.published ?? false, inChannel: row?.in_channel ?? false };
}
