import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Handlers } from "../../events/subscriptions.ts";
import { findLanguagesOfCart } from "../../mails/find-languages.ts";
import type { Mails } from "../../mails/mails.ts";

/**
 * Returns what notifies a buyer that a payment is refunded or voided, since no order could be made
 * of it. A shopper who completed the cart has seen why, and receives no mail.
 */
export function releasedPaymentMails(mails: Mails, database: Knex): Handlers {
  return {
    "cart.payment_released": async ({ id, name, data }) => {
      if (data.initiated_by === "shopper") return;
      const [cart] = await query<{ email: string | null; is_ordered: boolean }>(
        database,
        sql`select email, completed_at is not null as is_ordered from cart where id = ${data.id}`,
      );
      if (!cart?.email) return;
      const { amount, currency_code } = data;
      const languages = await findLanguagesOfCart(database, data.id);
      await mails.send(
        { id, name },
        {
          to: cart.email,
          data: { amount, currency_code, is_ordered: cart.is_ordered },
          languages,
        },
      );
    },
  };
}
