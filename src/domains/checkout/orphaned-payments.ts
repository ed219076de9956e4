import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Providers } from "../../providers/providers.ts";
import type { CheckoutLease, CheckoutLeases } from "./checkout-lease.ts";

/** A session whose provider holds money for a cart that it does not pay. */
export interface OrphanedPayment {
  readonly id: string;
  readonly cart_id: string;
  readonly provider_id: string;
  readonly amount: number;
  readonly currency_code: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** As the database prints it: names the session as it stands now. */
  readonly version: string;
}

/**
 * What a provider holds or took for a cart without paying it, as when a shopper paid on its page
 * and then turned to another.
 * @throws ProviderFailure
 */
export async function findOrphanedPayment(
  connection: Knex,
  { payment }: Providers,
  cartId: string,
  providerId: string,
): Promise<OrphanedPayment | undefined> {
  const [session] = await query<OrphanedPayment>(
    connection,
    sql`select s.id, s.cart_id, s.provider_id, coalesce(s.amount, 0) as amount, r.currency_code, s.data, s.updated_at::text as version
      from payment_session s join cart c on c.id = s.cart_id join region r on r.id = c.region_id
      where s.cart_id = ${cartId} and s.provider_id = ${providerId} and s.is_initiated and s.status not in ('authorized', 'canceled')
        and s.data <> '{}' and not exists (select 1 from payment p
          where p.cart_id = s.cart_id and p.provider_id = s.provider_id and p.canceled_at is null)`,
  );
  if (!session) return;
  const { status } = await payment.get(providerId).retrieve({ data: session.data });
  return status === "authorized" || status === "captured" ? session : undefined;
}

/**
 * Claims the cart so that the payment is given back; undefined while somebody completes it, or
 * where the session has changed.
 */
export async function acquireOrphanedPaymentLease(
  trx: Knex.Transaction,
  leases: CheckoutLeases,
  orphaned: OrphanedPayment,
): Promise<CheckoutLease | undefined> {
  const { id, cart_id, provider_id, amount, currency_code, data, version } = orphaned;
  await query(trx, sql`select 1 from cart where id = ${cart_id} for update`);
  const same = await query(
    trx,
    sql`select 1 from payment_session where id = ${id} and updated_at = ${version}::timestamptz
      and not exists (select 1 from nettle_checkout where cart_id = ${cart_id})`,
  );
  const lease = same.length > 0 ? await leases.acquire(trx, cart_id) : undefined;
  if (!lease) return;
  const payment = { session_id: id, payment_id: null, provider_id, amount, currency_code, data };
  return leases.record(trx, lease, { state: "canceling", attempt: `${id}:${version}`, ...payment });
}
