import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import type { CaptureTarget } from "../payment-webhooks/record-captures.ts";
import { lockSwap } from "./lock-swap.ts";

/** Records captures with swaps, which have one payment each. A cancelled swap stays cancelled. */
export function swapCapture(events: Events): CaptureTarget {
  return {
    lock: lockSwap,
    recordCapture: async (trx, swapId) => {
      const [swap] = await query<{ id: string; no_notification: boolean | null }>(
        trx,
        sql`update swap set payment_status = 'captured', updated_at = now()
          where id = ${swapId} and canceled_at is null
          returning id, no_notification`,
      );
      if (swap) events.publish(trx, { name: "swap.payment_captured", data: { ...swap } });
    },
    recordPartialCapture: async (trx, swapId) => {
      await query(
        trx,
        sql`update swap set payment_status = 'requires_action', updated_at = now()
          where id = ${swapId} and canceled_at is null
            and payment_status in ('not_paid', 'awaiting', 'captured')`,
      );
    },
  };
}
