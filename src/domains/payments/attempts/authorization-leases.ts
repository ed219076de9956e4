import { sql } from "../../../database/sql.ts";
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
