import type { Knex } from "knex";
import { isEmail } from "../../core/email.ts";
import { query, sql } from "../../database/sql.ts";
import type { Subscribers } from "../../events/relay.ts";
import { formatAmount } from "../../money/format-amount.ts";
import { composeMail } from "../../providers/notification/compose-mail.ts";
import type { Mail, Mailer } from "../../providers/notification/mailer.ts";

/** A gift card that was bought, and the e-mail of its buyer. */
interface BoughtGiftCard {
  readonly id: string;
  readonly code: string;
  /** In the currency's smallest unit. */
  readonly value: number;
  readonly currency_code: string;
  readonly ends_at: string | null;
  readonly metadata: { readonly email?: unknown } | null;
  readonly email: string;
}

/**
 * Returns the subscriber that sends the gift cards of an order, once they are enabled: one mail to
 * each e-mail in the metadata of their lines, where Medusa's admin stores it too, and one to the
 * buyer for the other cards. At most `maxRecipients` e-mails of an order are used.
 */
export function giftCardMails(mailer: Mailer, database: Knex, maxRecipients: number): Subscribers {
  return {
    "gift_card.created": [
      async ({ data }) => {
        const id = String(data["id"]);
        const cards = await findCardsOfOrder(database, id);
        const mail = [...byRecipient(cards, maxRecipients)].find(([, [first]]) => first?.id === id);
        if (mail) await mailer.send(giftCardMail(...mail));
      },
    ],
  };
}

/**
 * Returns the cards that were bought together with one. Empty if that was deleted or disabled
 * meanwhile, or was not bought.
 */
function findCardsOfOrder(connection: Knex, id: string): Promise<BoughtGiftCard[]> {
  return query<BoughtGiftCard>(
    connection,
    sql`select g.id, g.code, g.value, o.currency_code, g.ends_at, g.metadata, o.email
      from gift_card one join "order" o on o.id = one.order_id
        join gift_card g on g.order_id = o.id
      where one.id = ${id} and not one.is_disabled and one.deleted_at is null
        and g.deleted_at is null and not g.is_disabled
      order by g.id`,
  );
}

/** Groups cards by who receives them. The event of a group's first card sends its mail. */
function byRecipient(
  cards: readonly BoughtGiftCard[],
  maxRecipients: number,
): Map<string, BoughtGiftCard[]> {
  const groups = new Map<string, BoughtGiftCard[]>();
  const named = new Set<string>();
  for (const card of cards) {
    const wanted = card.metadata?.email;
    const isNamed = typeof wanted === "string" && isEmail(wanted);
    if (isNamed && named.size < maxRecipients) named.add(wanted);
    const recipient = isNamed && named.has(wanted) ? wanted : card.email;
    groups.set(recipient, [...(groups.get(recipient) ?? []), card]);
  }
  return groups;
}

function giftCardMail(to: string, cards: readonly BoughtGiftCard[]): Mail {
  const total = formatAmount(
    cards.reduce((sum, { value }) => sum + value, 0),
    cards[0]!.currency_code,
  );
  const isOne = cards.length === 1;
  return composeMail({
    to,
    subject: isOne ? `Your gift card worth ${total}` : `Your gift cards worth ${total}`,
    lines: [
      "Hello,",
      ...cards.map(cardLine),
      isOne ? "Enter the code at checkout." : "Enter a code at checkout.",
      "Keep this e-mail safe: anyone who knows the code can pay with it.",
    ],
  });
}

function cardLine({ code, value, currency_code, ends_at }: BoughtGiftCard): string {
  const expiry = ends_at ? ` The card expires on ${ends_at.slice(0, 10)}.` : "";
  return `here is a gift card worth ${formatAmount(value, currency_code)}. Its code: ${code}${expiry}`;
}
