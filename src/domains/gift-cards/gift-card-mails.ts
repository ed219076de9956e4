import type { Knex } from "knex";
import { isEmail } from "../../core/email.ts";
import { query, sql } from "../../database/sql.ts";
import type { Subscribers } from "../../events/relay.ts";
import { formatAmount } from "../../money/format-amount.ts";
import { composeMail } from "../../providers/notification/compose-mail.ts";
import type { Mail, Mailer } from "../../providers/notification/mailer.ts";

/** A gift card that was bought, and the e-mail of its buyer. */
interface BoughtGiftCard {
  readonly code: string;
  /** In the currency's smallest unit. */
  readonly value: number;
  readonly currency_code: string;
  readonly ends_at: string | null;
  readonly metadata: { readonly email?: unknown } | null;
  readonly email: string;
}

/**
 * Returns the subscriber that sends each bought gift card to the e-mail in the metadata of its
 * line, where Medusa's admin stores it too, or else to the buyer.
 */
export function giftCardMails(mailer: Mailer, database: Knex): Subscribers {
  return {
    "gift_card.created": [
      async ({ data }) => {
        const card = await findBoughtCard(database, String(data["id"]));
        if (card) await mailer.send(giftCardMail(card));
      },
    ],
  };
}

/** Undefined if the card was deleted or disabled meanwhile, or was not bought. */
async function findBoughtCard(connection: Knex, id: string): Promise<BoughtGiftCard | undefined> {
  const [card] = await query<BoughtGiftCard>(
    connection,
    sql`select g.code, g.value, o.currency_code, g.ends_at, g.metadata, o.email
      from gift_card g join "order" o on o.id = g.order_id
      where g.id = ${id} and g.deleted_at is null and not g.is_disabled`,
  );
  return card;
}

function giftCardMail({
  code,
  value,
  currency_code,
  ends_at,
  metadata,
  email,
}: BoughtGiftCard): Mail {
  const formattedValue = formatAmount(value, currency_code);
  const expiry = ends_at ? ` The card expires on ${ends_at.slice(0, 10)}.` : "";
  const recipient = metadata?.email;
  return composeMail({
    to: typeof recipient === "string" && isEmail(recipient) ? recipient : email,
    subject: `Your gift card worth ${formattedValue}`,
    lines: [
      "Hello,",
      `here is a gift card worth ${formattedValue}. Its code: ${code}`,
      `Enter the code at checkout.${expiry}`,
      "Keep this e-mail safe: anyone who knows the code can pay with it.",
    ],
  });
}
