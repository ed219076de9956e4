import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Providers } from "../../providers/providers.ts";
import { lockCartRow } from "../carts/cart-lock.ts";
import { releaseOfSession } from "../payments/attempts/queue-session-releases.ts";
import { type PaymentRelease, queueHeldRelease } from "../payments/attempts/release-leases.ts";
import { recordStatus } from "../payments/payment-session-queries.ts";

/** A session whose provider holds money for a cart that it does not pay. */
export interface OrphanedPayment {
  readonly id: string;
  readonly cart_id: string;
  readonly provider_id: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The time of the session's last change, as PostgreSQL prints it. */
  readonly version: string;
}

/**
 * Finds what a provider holds or took for a cart that it does not pay. A shopper may pay on the
 * provider's page and then select another provider.
 * @throws ProviderError
 */
export async function findOrphanedPayment(
  connection: Knex,
  { payment }: Providers,
  cartId: string,
  providerId: string,
): Promise<OrphanedPayment | undefined> {
  const [session] = await query<OrphanedPayment>(
    connection,
    sql`select s.id, s.cart_id, s.provider_id, coalesce(s.amount, 0) as amount, r.currency_code,
        s.data, s.updated_at::text as version
      from payment_session s join cart c on c.id = s.cart_id join region r on r.id = c.region_id
      where s.cart_id = ${cartId} and s.provider_id = ${providerId}
        and s.is_initiated and s.status not in ('authorized', 'canceled') and s.data <> '{}'
        and not exists (
          select 1 from payment p
          where p.cart_id = s.cart_id and p.provider_id = s.provider_id and p.canceled_at is null)`,
  );
  if (!session) return;
  const { status } = await payment.get(providerId).retrieve({ data: session.data });
  return status === "authorized" || status === "captured" ? session : undefined;
}

/**
 * Queues the release of an orphaned payment, and acquires its lease. Returns undefined while a
 * checkout with it is recorded, or where the session has changed.
 */
export async function queueOrphanedPayment(
  trx: Knex.Transaction,
  orphaned: OrphanedPayment,
): Promise<PaymentRelease | undefined> {
  const { id, cart_id, amount, currency_code, data, version } = orphaned;
  await lockCartRow(trx, cart_id);
  const unchanged = await query(
    trx,
    sql`select 1 from payment_session s where id = ${id} and updated_at = ${version}::timestamptz
      and not exists (select 1 from nettle_checkout k where k.session_id = s.id)`,
  );
  if (unchanged.length === 0) return;
  const release = releaseOfSession(orphaned, { id: cart_id, currencyCode: currency_code });
  await recordStatus(trx, id, { status: "canceled", data, amount });
  return queueHeldRelease(trx, { ...release, session_id: id });
}
