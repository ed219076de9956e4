import type { Knex } from "knex";
import type { Handlers } from "../../events/subscriptions.ts";
import { findLanguagesOfOrder } from "../../mails/find-languages.ts";
import type { Mails } from "../../mails/mails.ts";
import { loadMailedOrder } from "./order-mail-data.ts";

/**
 * Returns what confirms an order to its buyer. As in Medusa, one that says `no_notification` is not
 * mailed about.
 */
export function orderMails(mails: Mails, database: Knex): Handlers {
  return {
    "order.placed": async ({ id, name, data }) => {
      if (data.no_notification) return;
      const order = await loadMailedOrder(database, data.id);
      if (!order?.email) return;
      const languages = await findLanguagesOfOrder(database, order.id);
      await mails.send({ id, name }, { to: order.email, data: { order }, languages });
    },
  };
}
