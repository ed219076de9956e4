import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { execute, executeRequired, required, sql } from "../../database/sql.ts";
import { lockGiftCards } from "./lock-gift-cards.ts";

interface Card {
  readonly id: string;
  readonly balance: number;
  readonly tax_rate: number | null;
}

/**
 * Pays an amount of an order, in the currency's smallest unit, with gift cards, one after another;
 * a card without a balance is disabled. As in Medusa, the first card is recorded on the order even
 * if it pays nothing. The balances may be older than the locks that are taken here. Sent ahead:
 * where a card no longer covers what it has to pay, the transaction fails with what `uncovered`
 * returns.
 */
export function redeemGiftCards(
  trx: Transaction,
  orderId: string,
  cards: readonly Card[],
  amount: number,
  uncovered: () => Error,
): void {
  const paying = cardsPaying(cards, amount);
  lockGiftCards(
    trx,
    paying.map(({ id }) => id),
  );
  for (const { id, paid, tax_rate } of paying) {
    executeRequired(
      trx,
      sql`with redeemed as (
          update gift_card set balance = balance - ${paid}, is_disabled = (balance = ${paid}),
            updated_at = now()
          where id = ${id} and balance >= ${paid} and not is_disabled returning id
        )
        select ${required(sql`exists (select from redeemed)`)}`,
      uncovered,
    );
    execute(
      trx,
      sql`insert into gift_card_transaction
          (id, gift_card_id, order_id, amount, is_taxable, tax_rate)
        values (${newId("gct")}, ${id}, ${orderId}, ${paid}, ${Boolean(tax_rate)}, ${tax_rate})`,
    );
  }
}

/** Returns the cards that pay an amount, and what each pays. */
function cardsPaying(cards: readonly Card[], amount: number): (Card & { readonly paid: number })[] {
  const paying: (Card & { readonly paid: number })[] = [];
  let remaining = amount;
  for (const card of cards) {
    const paid = Math.min(remaining, card.balance);
    paying.push({ ...card, paid });
    remaining -= paid;
    if (remaining === 0) break;
  }
  return paying;
}
