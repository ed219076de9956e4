import type { Knex } from "knex";
import { isEmail } from "../../core/email.ts";
import { query, sql } from "../../database/sql.ts";
import type { Handlers } from "../../events/subscriptions.ts";
import { findLanguagesOfOrder } from "../../mails/find-languages.ts";
import type { MailData } from "../../mails/mail-data.ts";
import type { Mails } from "../../mails/mails.ts";

/** A gift card that was bought, and the e-mail of its buyer. */
interface BoughtGiftCard {
  readonly id: string;
  readonly code: string;
  /** In the currency's smallest unit. */
  readonly value: number;
  /** What it can still pay. */
  readonly balance: number;
  readonly order_id: string;
  readonly currency_code: string;
  readonly ends_at: string | null;
  readonly metadata: { readonly email?: unknown } | null;
  readonly email: string;
}

/**
 * Returns what sends the gift cards of an order, once they are enabled: one mail to
 * each e-mail in the metadata of their lines, where Medusa's admin stores it too, and one to the
 * buyer for the other cards. At most `maxRecipients` e-mails of an order are used.
 */
export function giftCardMails(mails: Mails, database: Knex, maxRecipients: number): Handlers {
  return {
    "gift_card.created": async ({ id: eventId, name, data: { id } }) => {
      const cards = await findCardsOfOrder(database, id);
      const mail = [...byRecipient(cards, maxRecipients)].find(([, [first]]) => first?.id === id);
      if (!mail) return;
      const [to, theirs] = mail;
      const languages = await findLanguagesOfOrder(database, theirs[0]!.order_id);
      await mails.send({ id: eventId, name }, { to, data: mailedCards(theirs), languages });
    },
  };
}

/**
 * Returns the cards that were bought together with one. Empty if that was deleted or disabled
 * meanwhile, or was not bought.
 */
function findCardsOfOrder(connection: Knex, id: string): Promise<BoughtGiftCard[]> {
  return query<BoughtGiftCard>(
    connection,
    sql`select g.id, g.code, g.value, g.balance, g.order_id, o.currency_code, g.ends_at,
        g.metadata, o.email
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

function mailedCards(cards: readonly BoughtGiftCard[]): MailData["gift_card.created"] {
  return {
    cards: cards.map(({ code, value, balance, ends_at }) => ({ code, value, balance, ends_at })),
    value: cards.reduce((sum, { value }) => sum + value, 0),
    currency_code: cards[0]!.currency_code,
  };
}
