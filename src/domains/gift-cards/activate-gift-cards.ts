import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { poll } from "../../concurrency/poll.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import type { Log } from "../../runtime/log.ts";

const POLL_INTERVAL_MS = 10_000;
const BATCH_SIZE = 100;

/** Records, ahead, that the gift cards of an order stay disabled until the order is paid. */
export function awaitPaymentOfGiftCards(trx: Transaction, orderId: string): void {
  execute(
    trx,
    sql`insert into nettle_unpaid_gift_cards (order_id) values (${orderId}) on conflict do nothing`,
  );
}

/** Enables the gift cards of an order that is paid, once, and publishes their events. */
export async function activateGiftCards(
  trx: Knex.Transaction,
  events: Events,
  orderId: string,
): Promise<void> {
  const waited = await query(
    trx,
    sql`delete from nettle_unpaid_gift_cards where order_id = ${orderId} returning 1`,
  );
  if (waited.length === 0) return;
  const cards = await query<{ id: string }>(
    trx,
    sql`update gift_card set is_disabled = false, updated_at = now()
      where order_id = ${orderId} and is_disabled and balance = value and deleted_at is null
      returning id`,
  );
  events.publishAll(
    trx,
    cards.map(({ id }) => ({ name: "gift_card.created", data: { id } })),
  );
}

/**
 * Enables, every ten seconds, the gift cards of orders whose payment another program has captured,
 * such as Medusa's admin. Returns the function that stops it after the current round.
 */
export function startGiftCardActivation(
  database: Knex,
  events: Events,
  log: Log,
): () => Promise<void> {
  const logFailure = (error: unknown) =>
    log.warn(
      { event: "gift_card_activation_failed", err: error },
      "Gift cards of paid orders could not be enabled; the next round tries again",
    );
  return poll(() => activatePaidGiftCards(database, events).catch(logFailure), POLL_INTERVAL_MS);
}

/** Runs one round. Nothing is left to wait for where an order was canceled or deleted. */
export async function activatePaidGiftCards(database: Knex, events: Events): Promise<void> {
  for (const id of await findPaidOrders(database))
    await runInTransaction(database, (trx) => activateGiftCards(trx, events, id));
  await query(
    database,
    sql`delete from nettle_unpaid_gift_cards w where not exists (
      select 1 from "order" o where o.id = w.order_id and o.status <> 'canceled')`,
  );
}

/**
 * An order is paid once Medusa says so, or all of its payments are captured. Cards that a swap has
 * bought wait for the swap's payment, too.
 */
async function findPaidOrders(connection: Knex): Promise<string[]> {
  const orders = await query<{ order_id: string }>(
    connection,
    sql`select w.order_id from nettle_unpaid_gift_cards w join "order" o on o.id = w.order_id
      where o.status <> 'canceled'
        and (o.payment_status in ('captured', 'partially_refunded') or (
          exists (
            select 1 from payment p where p.order_id = o.id
              and p.captured_at is not null and p.canceled_at is null)
          and not exists (
            select 1 from payment p where p.order_id = o.id
              and p.captured_at is null and p.canceled_at is null)))
        and not exists (
          select 1 from payment p where p.order_id = o.id and p.swap_id is not null
            and p.captured_at is null and p.canceled_at is null)
      limit ${BATCH_SIZE}`,
  );
  return orders.map(({ order_id }) => order_id);
}
