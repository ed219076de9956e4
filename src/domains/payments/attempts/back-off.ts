import { type Sql, sql } from "../../../database/sql.ts";

/**
 * After so many failed automatic retries, some three hours after the first, an attempt is given up
 * and its payment is released.
 */
const MAX_TRIES = 10;

/** Whether an attempt is given up: its provider may no longer know the payment. */
export function isGivenUp({ tries }: { readonly tries: number }): boolean {
  return tries >= MAX_TRIES;
}

/** The pause after so many failed retries; it doubles from 15 seconds to an hour. */
export function backOff(tries: Sql): Sql {
  const seconds = sql`least(15 * power(2, least(${tries}, 10) - 1), 3600)`;
  return sql`make_interval(secs => case when ${tries} > 0 then ${seconds} else 0 end)`;
}
