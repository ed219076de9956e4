import { randomInt } from "node:crypto";
import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { execute, sql } from "../../database/sql.ts";

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

/**
 * Inserts the gift cards that an order has bought, by one statement, ahead, and returns their ids.
 * The cards of an order that is not paid are disabled.
 */
export function issueGiftCards(
  trx: Transaction,
  order: { readonly id: string; readonly regionId: string; readonly isPaid: boolean },
  bought: readonly BoughtGiftCards[],
): string[] {
  const kinds = bought.map(({ value, taxRate, metadata }, kind) => ({
    kind,
    value,
    tax_rate: taxRate,
    metadata: metadata ?? null,
  }));
  const cards = bought.flatMap(({ quantity }, kind) =>
    Array.from({ length: quantity }, () => ({ id: newId("gift"), code: newCode(), kind })),
  );
  if (cards.length === 0) return [];
  execute(
    trx,
    sql`insert into gift_card (id, code, value, balance, region_id, order_id, tax_rate, metadata,
          is_disabled)
        select card.id, card.code, kind.value, kind.value, ${order.regionId}, ${order.id},
          kind.tax_rate, kind.metadata, ${!order.isPaid}
        from jsonb_to_recordset(${JSON.stringify(cards)}::jsonb)
            as card (id text, code text, kind int)
          join jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb)
            as kind (kind int, value int, tax_rate real, metadata jsonb) using (kind)`,
  );
  return cards.map(({ id }) => id);
}

/** Returns a code of four groups of four letters and digits: 82 random bits. */
function newCode(): string {
  const part = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return [part(), part(), part(), part()].join("-");
}
