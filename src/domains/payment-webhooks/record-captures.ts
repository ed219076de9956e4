import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { ConflictError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import { payment as paymentEntity } from "../../graph/entities/payment-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Providers } from "../../providers/providers.ts";
import type { PaymentNotification } from "./payment-webhooks.ts";

interface RecordCapturesDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
}

interface OpenPayment {
  readonly id: string;
  readonly order_id: string | null;
  readonly swap_id: string | null;
  readonly data: Record<string, unknown>;
}

const wholePayment = shapeOf(paymentEntity, {});

/**
 * Notes that payments of a cart or a payment collection were taken at their provider's, which is
 * asked whether it is so; does nothing where it is noted already.
 * @throws Conflict the provider says so of none · ProviderFailure
 */
export async function recordCaptures(
  { database, providers, events }: RecordCapturesDeps,
  notification: PaymentNotification,
): Promise<void> {
  const provider = providers.payment.get(notification.providerId);
  const uncaptured: string[] = [];
  const found = await findOpenPayments(database, notification);
  for (const open of found) {
    const { status, data } = await provider.retrieve({ data: open.data });
    if (status === "captured")
      await runInTransaction(database, (trx) => recordCapture(trx, events, open, data));
    else uncaptured.push(`Payment ${open.id} is ${status} at its provider's, not captured`);
  }
  if (found.length > 0 && uncaptured.length === found.length)
    throw new ConflictError(uncaptured.join(". "));
}

function findOpenPayments(
  connection: Knex,
  { resourceId, providerId }: PaymentNotification,
): Promise<OpenPayment[]> {
  return query<OpenPayment>(
    connection,
    sql`select id, order_id, swap_id, data from payment
      where (cart_id = ${resourceId}
          or id in (select payment_id from payment_collection_payments where payment_collection_id = ${resourceId}))
        and provider_id = ${providerId} and captured_at is null and canceled_at is null`,
  );
}

/** Once only, however many calls tell of it. */
async function recordCapture(
  trx: Knex.Transaction,
  events: Events,
  payment: OpenPayment,
  data: object,
): Promise<void> {
  const { id, order_id, swap_id } = payment;
  if (swap_id) await query(trx, sql`select 1 from swap where id = ${swap_id} for update`);
  else await query(trx, sql`select 1 from "order" where id = ${order_id} for update`);
  const recorded = await query(
    trx,
    sql`update payment set captured_at = now(), data = ${JSON.stringify(data)}::jsonb, updated_at = now()
      where id = ${id} and captured_at is null and canceled_at is null returning id`,
  );
  if (recorded.length === 0) return;
  await events.publish(trx, {
    name: "payment.payment_captured",
    data: (await loadTree(trx, wholePayment, id))!,
  });
  if (swap_id) await recordSwapCapture(trx, events, swap_id);
  else await recordOrderCapture(trx, events, order_id);
}

/** A swap has one payment; a cancelled one stays cancelled. */
async function recordSwapCapture(
  trx: Knex.Transaction,
  events: Events,
  swapId: string,
): Promise<void> {
  const [swap] = await query<{ id: string; no_notification: boolean | null }>(
    trx,
    sql`update swap set payment_status = 'captured', updated_at = now() where id = ${swapId} and canceled_at is null
      returning id, no_notification`,
  );
  if (swap) await events.publish(trx, { name: "swap.payment_captured", data: { ...swap } });
}

/** An order is captured when all of its payments are; a cancelled one stays cancelled. */
async function recordOrderCapture(
  trx: Knex.Transaction,
  events: Events,
  orderId: string | null,
): Promise<void> {
  const [order] = await query<{
    id: string;
    payment_status: string;
    no_notification: boolean | null;
  }>(
    trx,
    sql`update "order" o set updated_at = now(), payment_status = case
        when exists (select 1 from payment p where p.order_id = o.id and p.captured_at is null and p.canceled_at is null)
        then 'requires_action'::order_payment_status_enum else 'captured'::order_payment_status_enum end
      where o.id = ${orderId} and o.status <> 'canceled' returning id, payment_status, no_notification`,
  );
  if (order?.payment_status !== "captured") return;
  const { id, no_notification } = order;
  await events.publish(trx, { name: "order.payment_captured", data: { id, no_notification } });
}
