import type { Knex } from "knex";
import { AmountChangedError } from "../../core/errors.ts";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";

interface Card {
  readonly id: string;
  readonly balance: number;
  readonly tax_rate: number | null;
}

/**
 * Pays an amount of an order, in the currency's smallest unit, with gift cards, one after another;
 * a card without a balance is disabled. As in Medusa, the first card is recorded on the order even
 * if it pays nothing.
 * @throws AmountChangedError if a card's balance no longer covers what it has to pay
 */
export async function redeemGiftCards(
  trx: Knex.Transaction,
  orderId: string,
  cards: readonly Card[],
  amount: number,
): Promise<void> {
  let remaining = amount;
  for (const { id, balance, tax_rate } of cards) {
    const paid = Math.min(remaining, balance);
    const redeemed = await query(
      trx,
      sql`update gift_card set balance = balance - ${paid}, is_disabled = (balance = ${paid}),
          updated_at = now()
        where id = ${id} and balance >= ${paid} and not is_disabled returning id`,
    );
    if (redeemed.length === 0)
      throw new AmountChangedError("A gift card no longer covers the amount it should pay");
    await query(
      trx,
      sql`insert into gift_card_transaction
          (id, gift_card_id, order_id, amount, is_taxable, tax_rate)
        values (${newId("gct")}, ${id}, ${orderId}, ${paid}, ${Boolean(tax_rate)}, ${tax_rate})`,
    );
    remaining -= paid;
    if (remaining === 0) return;
  }
}
