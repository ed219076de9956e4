import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Handlers } from "../../events/subscriptions.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import { findLanguagesOfOrder } from "../../mails/find-languages.ts";
import type { MailedReturn } from "../../mails/mail-data.ts";
import type { Mails } from "../../mails/mails.ts";
import { mailedLine } from "../orders/order-mail-data.ts";

/**
 * Returns what confirms the request of a return to its buyer. As in Medusa, one that says
 * `no_notification` is not mailed about.
 */
export function returnMails(mails: Mails, database: Knex): Handlers {
  return {
    "order.return_requested": async ({ id, name, data: { id: orderId, return_id } }) => {
      const [order] = await query<ReturnedOrder>(
        database,
        sql`select o.id, o.display_id, o.currency_code, o.email from "order" o
          join return r on r.id = ${return_id}
          where o.id = ${orderId} and r.no_notification is not true`,
      );
      const found = order && (await loadMailedReturn(database, return_id));
      if (!found) return;
      const { email: to, ...shown } = order;
      const languages = await findLanguagesOfOrder(database, orderId);
      await mails.send({ id, name }, { to, data: { order: shown, return: found }, languages });
    },
  };
}

interface ReturnedOrder {
  readonly id: string;
  readonly display_id: number;
  readonly currency_code: string;
  readonly email: string;
}

const shape = shapeOf(returnOrder, {
  paths: ["items.item", "shipping_method.shipping_option"],
});

/** Loads what a mail says about a return, or returns undefined if there is none. */
export async function loadMailedReturn(knex: Knex, id: string): Promise<MailedReturn | undefined> {
  const found = await loadTree(knex, shape, id);
  if (!found) return undefined;
  return {
    id,
    items: found.items.flatMap(({ item, quantity }) =>
      item ? [{ ...mailedLine(item), quantity }] : [],
    ),
    refund_amount: found.refund_amount,
    shipping_method: found.shipping_method?.shipping_option?.name ?? null,
  };
}
