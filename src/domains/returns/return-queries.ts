import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { added, saveRows, type TableMapping } from "../../database/save-rows.ts";
import { query, sql } from "../../database/sql.ts";
import type { Reason, ReferencedLine } from "./return-rules.ts";

/** Finds lines by their ids, of any order, swap or claim order. */
export function findReferencedLines(
  connection: Knex,
  ids: readonly string[],
): Promise<ReferencedLine[]> {
  return query(
    connection,
    sql`select l.id, (o.canceled_at is not null or s.canceled_at is not null
        or c.canceled_at is not null) as canceled
      from line_item l left join "order" o on o.id = l.order_id left join swap s on s.id = l.swap_id
        left join claim_order c on c.id = l.claim_order_id
      where l.id = any(${ids})`,
  );
}

/** How many edits of an order are followed back. */
const MAX_EDITS = 100;

/**
 * Returns the pending return quantities of lines: requested and not yet received, in returns of
 * orders, claim orders and confirmed swaps. The return of an unconfirmed swap does not count, nor
 * does that of the swap `exceptSwapId`. An order edit puts copies in the place of the lines: what
 * is pending of a line counts for its copy.
 */
export async function findPendingReturnQuantities(
  connection: Knex,
  ids: readonly string[],
  exceptSwapId: string | null = null,
): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ item_id: string; quantity: number }>(
    connection,
    sql`with recursive lines (item_id, id, depth) as (
        select id, id, 0 from line_item where id = any(${ids})
        union all
        select t.item_id, l.original_item_id, t.depth + 1
        from lines t join line_item l on l.id = t.id
        where l.original_item_id is not null and t.depth < ${MAX_EDITS})
      select t.item_id, sum(i.quantity)::int as quantity
      from lines t join return_item i on i.item_id = t.id join return r on r.id = i.return_id
        left join swap s on s.id = r.swap_id left join claim_order c on c.id = r.claim_order_id
      where r.status in ('requested', 'requires_action')
        and c.canceled_at is null
        and (r.swap_id is null or (s.confirmed_at is not null and s.canceled_at is null
          and s.id is distinct from ${exceptSwapId}))
      group by t.item_id`,
  );
  return new Map(rows.map(({ item_id, quantity }) => [item_id, quantity]));
}

/**
 * Returns the money that may still be refunded for an order: what was paid for it and its swaps and
 * not canceled, less the refunds that were made and those of returns on their way. An integer in
 * the currency's smallest unit; gift cards are no money.
 */
export async function findRefundableAmount(connection: Knex, orderId: string): Promise<number> {
  const [row] = await query<{ amount: number }>(
    connection,
    sql`select greatest(0,
        coalesce((select sum(p.amount) from payment p
          where p.canceled_at is null and (p.order_id = ${orderId}
            or p.swap_id in (select s.id from swap s where s.order_id = ${orderId}))), 0)
        - coalesce((select sum(f.amount) from refund f where f.order_id = ${orderId}), 0)
        - coalesce((select sum(r.refund_amount) from return r
          where r.order_id = ${orderId} and r.status in ('requested', 'requires_action')), 0)
      )::float8 as amount`,
  );
  return row?.amount ?? 0;
}

/** Finds return reasons by their ids, deleted ones included. */
export function findReasons(connection: Knex, ids: readonly string[]): Promise<Reason[]> {
  return query(
    connection,
    sql`select r.id, r.deleted_at is null
        and exists (select 1 from return_reason b
          where b.parent_return_reason_id = r.id and b.deleted_at is null) as "isCategory"
      from return_reason r where r.id = any(${ids})`,
  );
}

/** The columns of a new return. Amounts are in the smallest unit of the currency. */
export interface ReturnRows {
  readonly id: string;
  readonly order_id: string | null;
  readonly swap_id: string | null;
  readonly shipping_data: object | null;
  readonly refund_amount: number;
  readonly idempotency_key: string | null;
  readonly no_notification: boolean | null;
  readonly items: readonly {
    readonly item_id: string;
    readonly quantity: number;
    readonly reason_id: string | null;
    readonly note: string | null;
    readonly metadata: unknown;
  }[];
  readonly shipping_method: ReturnShippingMethod | undefined;
}

/** The shipping method of a return, with its tax lines. */
export interface ReturnShippingMethod {
  readonly id: string;
  readonly shipping_option_id: string;
  readonly price: number;
  readonly data: object;
  readonly includes_tax: boolean;
  readonly tax_lines: readonly {
    readonly rate: number;
    readonly name: string;
    readonly code: string | null;
  }[];
}

const returns: TableMapping = {
  name: "return",
  inserted: [
    "status",
    "order_id",
    "swap_id",
    "shipping_data",
    "refund_amount",
    "idempotency_key",
    "no_notification",
  ],
  changed: [],
  hasUpdatedAt: true,
};
const methods: TableMapping = {
  name: "shipping_method",
  inserted: ["shipping_option_id", "return_id", "price", "data", "includes_tax"],
  changed: ["price"],
  hasUpdatedAt: false,
};
const taxLines: TableMapping = {
  name: "shipping_method_tax_line",
  inserted: ["rate", "name", "code", "shipping_method_id"],
  changed: [],
  hasUpdatedAt: true,
};

/** Inserts a return with its items and its shipping method. */
export async function insertReturn(
  trx: Transaction,
  { items, shipping_method: method, ...row }: ReturnRows,
): Promise<void> {
  saveRows(trx, returns, added([{ ...row, status: "requested" }]));
  await query(
    trx,
    sql`insert into return_item
        (return_id, item_id, quantity, requested_quantity, reason_id, note, metadata)
      select ${row.id}, i.item_id, i.quantity, i.quantity, i.reason_id, i.note, i.metadata
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
        as i (item_id text, quantity int, reason_id text, note text, metadata jsonb)`,
  );
  if (!method) return;
  saveRows(trx, methods, added([{ ...method, return_id: row.id }]));
  const taxes = method.tax_lines.map((line) => ({
    ...line,
    id: newId("smtl"),
    shipping_method_id: method.id,
  }));
  saveRows(trx, taxLines, added(taxes));
}
