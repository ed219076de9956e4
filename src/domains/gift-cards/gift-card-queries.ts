import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { giftCard } from "../../graph/entities/discount-entities.ts";
import type { Row } from "../../graph/entity.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";

/**
 * Returns the id of the gift card with exactly this code. A card that has expired, or was disabled
 * while it had a balance, is not found; a spent one is.
 */
export async function findShownCardId(
  connection: Knex,
  code: string,
  now: Date,
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select t.id from gift_card t where t.code = ${code} and t.deleted_at is null
      and (t.ends_at is null or t.ends_at > ${now.toISOString()}::timestamptz)
      and (not t.is_disabled or t.balance = 0)`,
  );
  return row?.id;
}

const allColumns = shapeOf(giftCard, {});

/** Returns the gift cards with exactly these codes, whatever their state. */
export async function findGiftCards(
  connection: Knex,
  codes: readonly string[],
): Promise<Readonly<Row<typeof giftCard>>[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from gift_card t
      where t.code = any(${codes}) and t.deleted_at is null order by t.created_at, t.id`,
  );
  return loadTrees(
    connection,
    allColumns,
    rows.map(({ id }) => id),
  );
}
