import { sql } from "../../../database/sql.ts";
import { backOff } from "./back-off.ts";
import type { Lease, LeaseTable } from "./lease-queries.ts";

/** The lease of a cart's checkout, and the payment that is being made or released for it. */
export interface CheckoutLease extends Lease {
  readonly cart_id: string;
  /**
   * `telling`: the amount is sent to the provider, which holds nothing yet · `authorizing`: the
   * provider was asked to authorize, and may hold the amount · `canceling` and `deleting`: former
   * versions left a payment here that must be released; the next caller queues it
   */
  readonly state: "telling" | "authorizing" | "canceling" | "deleting";
  readonly session_id: string | null;
  /** The id of the payment's row, where it exists. */
  readonly payment_id: string | null;
  readonly provider_id: string | null;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string | null;
  /** The provider's last answer. */
  readonly data: Readonly<Record<string, unknown>>;
}

export const checkoutLeases: LeaseTable<CheckoutLease> = {
  name: "nettle_checkout",
  key: "cart_id",
  resource: "cart_id",
  inserted: ["cart_id"],
  recorded: [
    "state",
    "attempt",
    "session_id",
    "payment_id",
    "provider_id",
    "amount",
    "currency_code",
    "data",
  ],
  nextTryAt: sql`next_try_at`,
  postponed: sql`, next_try_at = now() + ${backOff(sql`(tries + 1)`)}`,
  busyMessage: "The cart is being completed. Try again shortly.",
};
