import type { Knex } from "knex";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { numberConditions } from "../../database/range-conditions.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import type { Visibility } from "../sales-channels/channel-scope.ts";
import type { VariantsQuery } from "./variant-schemas.ts";

const published = sql`exists (select 1 from product p
  where p.id = t.product_id and p.deleted_at is null and p.status = 'published')`;

/**
 * Returns which variants of published products are on a page, newest first. With `channels`
 * undefined, they are of every sales channel.
 */
export function variantsOnPage(
  filter: VariantsQuery,
  channels: readonly string[] | undefined,
  page: Page,
): RowsOfPage {
  const ids = filter.ids ? filter.ids.split(",") : filter.id;
  const where = all([
    sql`t.deleted_at is null`,
    published,
    ...(ids ? [sql`t.id = any(${ids})`] : []),
    ...(filter.title ? [sql`t.title = any(${filter.title})`] : []),
    ...numberConditions(sql`t.inventory_quantity`, filter.inventory_quantity),
    ...inChannels(channels),
  ]);
  return {
    from: sql`product_variant t where ${where}`,
    order: raw("t.created_at desc, t.id desc"),
    page,
    isCounted: false,
  };
}

function inChannels(channels: readonly string[] | undefined): Sql[] {
  if (!channels) return [];
  return [
    sql`exists (select 1 from product_sales_channel j
      where j.product_id = t.product_id and j.sales_channel_id = any(${channels}))`,
  ];
}

/** Returns whether a variant exists and its product is published, and the product's channels. */
export async function findVariantVisibility(connection: Knex, id: string): Promise<Visibility> {
  const [row] = await query<Visibility>(
    connection,
    sql`select
      exists (select 1 from product_variant t
        where t.id = ${id} and t.deleted_at is null and ${published}) as published,
      array(select j.sales_channel_id
        from product_variant t join product_sales_channel j on j.product_id = t.product_id
        where t.id = ${id}) as channels`,
  );
  return row ?? { published: false, channels: [] };
}
