import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import { activateGiftCards } from "../gift-cards/activate-gift-cards.ts";
import type { CaptureTarget } from "../payment-webhooks/record-captures.ts";
import { lockOrder } from "./lock-order.ts";

/** Records captures with orders. A cancelled order stays cancelled. */
export function orderCapture(events: Events): CaptureTarget {
  return {
    lock: lockOrder,
    recordCapture: async (trx, orderId) => {
      // An order is captured when all of its payments are.
      const [order] = await query<{
        id: string;
        payment_status: string;
        no_notification: boolean | null;
      }>(
        trx,
        sql`update "order" o set updated_at = now(), payment_status = case
            when exists (
              select 1 from payment p
              where p.order_id = o.id and p.captured_at is null and p.canceled_at is null)
            then 'requires_action'::order_payment_status_enum
            else 'captured'::order_payment_status_enum end
          where o.id = ${orderId} and o.status <> 'canceled'
          returning id, payment_status, no_notification`,
      );
      if (order?.payment_status !== "captured") return;
      const { id, no_notification } = order;
      events.publish(trx, { name: "order.payment_captured", data: { id, no_notification } });
      await activateGiftCards(trx, events, id);
    },
    recordPartialCapture: async (trx, orderId) => {
      await query(
        trx,
        sql`update "order" set payment_status = 'requires_action', updated_at = now()
          where id = ${orderId} and status <> 'canceled'
            and payment_status in ('not_paid', 'awaiting', 'captured')`,
      );
    },
  };
}
