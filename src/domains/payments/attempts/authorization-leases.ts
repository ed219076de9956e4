import type { Knex } from "knex";
import { query, sql } from "../../../database/sql.ts";
import { backOff } from "./back-off.ts";
import type { Lease, LeaseTable } from "./lease-queries.ts";

/**
 * The lease of a payment collection's session that a provider is asked to authorize, and the
 * question: sent again, it returns an answer that was lost.
 */
export interface Authorization extends Lease {
  readonly session_id: string;
  readonly payment_collection_id: string;
  readonly attempt: string;
  readonly provider_id: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** What a new authorization records. */
export type NewAuthorization = Omit<Authorization, "fence">;

export const authorizationLeases: LeaseTable<Authorization> = {
  name: "nettle_authorization",
  key: "session_id",
  resource: "payment_collection_id",
  inserted: [
    "session_id",
    "payment_collection_id",
    "attempt",
    "provider_id",
    "amount",
    "currency_code",
    "data",
    "context",
    "tries",
  ],
  recorded: ["attempt", "amount", "data"],
  nextTryAt: sql`claimed_until + ${backOff(sql`tries`)}`,
  postponed: sql``,
  busyMessage: "The payment is being authorized. Try again shortly.",
};

/** Returns the ids of the sessions of a collection that a provider is asked to authorize. */
export async function findAuthorizingSessions(
  connection: Knex,
  collectionId: string,
): Promise<string[]> {
  const found = await query<Pick<Authorization, "session_id">>(
    connection,
    sql`select session_id from nettle_authorization where payment_collection_id = ${collectionId}`,
  );
  return found.map(({ session_id }) => session_id);
}
