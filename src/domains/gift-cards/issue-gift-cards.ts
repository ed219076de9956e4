import { randomInt } from "node:crypto";
import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";

/** A quantity of bought gift cards of one value. */
export interface BoughtGiftCards {
  readonly quantity: number;
  /** In the smallest unit of the region's currency. */
  readonly value: number;
  /** In percent; null if the purchase was not taxed. */
  readonly taxRate: number | null;
  readonly metadata: unknown;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Inserts the gift cards that an order has bought, and returns their ids. */
export async function issueGiftCards(
  trx: Knex.Transaction,
  order: { readonly id: string; readonly regionId: string },
  bought: readonly BoughtGiftCards[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const { quantity, value, taxRate, metadata } of bought) {
    for (let number = 0; number < quantity; number++) {
      const id = newId("gift");
      await query(
        trx,
        sql`insert into gift_card
            (id, code, value, balance, region_id, order_id, tax_rate, metadata)
          values (${id}, ${newCode()}, ${value}, ${value}, ${order.regionId}, ${order.id},
            ${taxRate}, ${JSON.stringify(metadata ?? null)}::jsonb)`,
      );
      ids.push(id);
    }
  }
  return ids;
}

/** Returns a code of four groups of four letters and digits: 82 random bits. */
function newCode(): string {
  const part = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return [part(), part(), part(), part()].join("-");
}
