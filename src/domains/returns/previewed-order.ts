import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { MailData } from "../../mails/mail-data.ts";
import { loadMailedOrder } from "../orders/order-mail-data.ts";
import { loadMailedReturn } from "./return-mails.ts";

/**
 * Loads the data of the mails about an order, named by its id or its number: of its confirmation,
 * and of its newest return. Undefined if there is no such order.
 */
export async function previewedOrder(
  knex: Knex,
  named: string,
): Promise<Partial<MailData> | undefined> {
  const [found] = await query<{ id: string; return_id: string | null }>(
    knex,
    sql`select o.id, (select r.id from return r where r.order_id = o.id
          order by r.created_at desc limit 1) as return_id
      from "order" o where o.id = ${named} or o.display_id::text = ${named}`,
  );
  const order = found && (await loadMailedOrder(knex, found.id));
  if (!order) return undefined;
  const requested = found.return_id ? await loadMailedReturn(knex, found.return_id) : undefined;
  return {
    "order.placed": { order },
    ...(requested && { "order.return_requested": { order, return: requested } }),
  };
}
