import type { Knex } from "knex";
import { signalOnCommit } from "../../../commands/commit-signals.ts";
import { LEASE_SECONDS } from "../../../concurrency/lease.ts";
import { query, type Sql, sql } from "../../../database/sql.ts";
import { currentRequestId } from "../../../runtime/current-request.ts";
import { cancelPayment } from "../payment-queries.ts";
import { backOff } from "./back-off.ts";
import { type Lease, LeaseLostError, type LeaseTable } from "./lease-queries.ts";
import type { ReleasedPayment } from "./refund-or-void.ts";

/** Sent when a transaction commits that has queued a release. */
export const RELEASE_QUEUED = "payment_release_queued";

/**
 * A payment that must be refunded or voided, and the lease of the process that does it. The row
 * exists from the transaction that gives the payment up until some time after its release.
 */
export interface PaymentRelease extends Lease {
  /** Identifies the payment, and is the prefix of its idempotency keys. */
  readonly attempt: string;
  /** The cart's id, or the payment collection's. */
  readonly resource_id: string;
  readonly provider_id: string;
  /** The session that the payment was made for, where it still exists. */
  readonly session_id: string | null;
  /** The id of the payment's row, where it exists. */
  readonly payment_id: string | null;
  /** The amount that the provider was asked for, in the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  /** The provider's last answer. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * `waiting`: the release is due · `deleting`: the same, and the provider may no longer know the
   * payment · anything else: what became of the payment
   */
  readonly state: "waiting" | "deleting" | ReleasedPayment["outcome"];
  /** The request that gave the payment up; null for work of the server's own. */
  readonly request_id: string | null;
}

/** What a queued release records. */
export type NewPaymentRelease = Omit<PaymentRelease, "fence" | "tries" | "request_id">;

export const releaseLeases: LeaseTable<PaymentRelease> = {
  name: "nettle_payment_release",
  key: "attempt",
  resource: "resource_id",
  inserted: [
    "attempt",
    "resource_id",
    "provider_id",
    "session_id",
    "payment_id",
    "amount",
    "currency_code",
    "data",
    "state",
  ],
  recorded: ["attempt", "state", "data"],
  nextTryAt: sql`next_try_at`,
  postponed: sql`, next_try_at = now() + ${backOff(sql`(tries + 1)`)}`,
  busyMessage: "The payment is being released. Try again shortly.",
};

/**
 * Queues the release of a payment, in the transaction that gives it up. A worker of this process
 * starts as soon as that commits. A release that was done is repeated.
 */
export async function queueRelease(
  trx: Knex.Transaction,
  release: NewPaymentRelease,
): Promise<void> {
  await insertRelease(trx, release, 0);
  signalOnCommit(trx, RELEASE_QUEUED);
}

/**
 * Queues the release of a payment, and acquires its lease for the caller. Returns undefined where
 * it is queued already.
 */
export function queueHeldRelease(
  trx: Knex.Transaction,
  release: NewPaymentRelease,
): Promise<PaymentRelease | undefined> {
  return insertRelease(trx, release, LEASE_SECONDS);
}

async function insertRelease(
  trx: Knex.Transaction,
  release: NewPaymentRelease,
  heldSeconds: number,
): Promise<PaymentRelease | undefined> {
  const { attempt, resource_id, provider_id, session_id, payment_id, state } = release;
  const { amount, currency_code, data } = release;
  if (payment_id !== null) await cancelPayment(trx, payment_id);
  const [queued] = await query<PaymentRelease>(
    trx,
    sql`insert into nettle_payment_release as r (attempt, resource_id, provider_id, session_id,
        payment_id, amount, currency_code, data, state, request_id, claimed_until)
      values (${attempt}, ${resource_id}, ${provider_id}, ${session_id}, ${payment_id}, ${amount},
        ${currency_code}, ${JSON.stringify(data)}::jsonb, ${state}, ${currentRequestId() ?? null},
        clock_timestamp() + make_interval(secs => ${heldSeconds}))
      on conflict (attempt) do update set state = 'deleting', released_at = null, tries = 0,
        next_try_at = now(), fence = excluded.fence, claimed_until = excluded.claimed_until
        where r.released_at is not null
      returning *`,
  );
  return queued;
}

/** Returns the providers with due releases. */
export async function findProvidersToRelease(
  connection: Knex,
): Promise<{ provider_id: string; count: number }[]> {
  return query(
    connection,
    sql`select provider_id, count(*)::int as count from nettle_payment_release
      where released_at is null and next_try_at <= now() and claimed_until <= clock_timestamp()
      group by provider_id`,
  );
}

/** Acquires the leases of a provider's due releases, the longest waiting first. */
export function acquireDueReleases(
  connection: Knex,
  providerId: string,
  limit: number,
): Promise<PaymentRelease[]> {
  return acquireWhere(
    connection,
    sql`provider_id = ${providerId} and next_try_at <= now()`,
    sql`next_try_at limit ${limit}`,
  );
}

/** Acquires the leases of releases of a cart or a payment collection, due or not. */
export function acquireReleasesOf(
  connection: Knex,
  resourceId: string,
  limit: number,
): Promise<PaymentRelease[]> {
  return acquireWhere(connection, sql`resource_id = ${resourceId}`, sql`created_at limit ${limit}`);
}

function acquireWhere(
  connection: Knex,
  isWanted: Sql,
  orderAndLimit: Sql,
): Promise<PaymentRelease[]> {
  return query<PaymentRelease>(
    connection,
    sql`update nettle_payment_release set fence = default,
        claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      where attempt in (
        select attempt from nettle_payment_release
        where ${isWanted} and released_at is null and claimed_until <= clock_timestamp()
        order by ${orderAndLimit} for update skip locked)
      returning *`,
  );
}

/** Counts a failed try, postpones the next one, and ends the lease. */
export async function postponeRelease(
  connection: Knex,
  { attempt, fence }: PaymentRelease,
): Promise<void> {
  await query(
    connection,
    sql`update nettle_payment_release set tries = tries + 1, claimed_until = clock_timestamp(),
        next_try_at = now() + ${backOff(sql`(tries + 1)`)}
      where attempt = ${attempt} and fence = ${fence}`,
  );
}

/**
 * Records what became of a payment, and ends the lease.
 * @throws LeaseLostError
 */
export async function markReleased(
  trx: Knex.Transaction,
  { attempt, fence }: PaymentRelease,
  { outcome, data }: ReleasedPayment,
): Promise<void> {
  const marked = await query(
    trx,
    sql`update nettle_payment_release set state = ${outcome}, released_at = now(),
        data = ${JSON.stringify(data)}::jsonb, claimed_until = clock_timestamp()
      where attempt = ${attempt} and fence = ${fence} returning 1`,
  );
  if (marked.length === 0) throw new LeaseLostError(releaseLeases.busyMessage);
}

/** A payment that a provider reports. */
export interface ReportedPayment {
  readonly resourceId: string;
  readonly providerId: string;
  /** A part of what the provider answered about it; undefined where it does not say. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes the releases of a payment due that its provider reports, also those that are done: the
 * shopper may have paid since. What was refunded stays so, and where the provider does not say
 * which payment it is, what was voided, too. Returns whether there are any.
 */
export async function requeueReleases(
  trx: Knex.Transaction,
  { resourceId, providerId, data }: ReportedPayment,
): Promise<boolean> {
  const settled = Object.keys(data ?? {}).length > 0 ? ["refunded"] : ["refunded", "voided"];
  const found = await query<{ is_due: boolean }>(
    trx,
    sql`with known as (
        select attempt, state, claimed_until from nettle_payment_release
        where resource_id = ${resourceId} and provider_id = ${providerId}
          and data @> ${JSON.stringify(data ?? {})}::jsonb
        order by created_at desc limit 100
      ), due as (
        update nettle_payment_release r
        set state = case r.state when 'waiting' then 'waiting' else 'deleting' end,
          released_at = null, next_try_at = now(),
          tries = case when r.released_at is null then r.tries else 0 end
        from known k where k.attempt = r.attempt and k.state <> all(${settled})
          and k.claimed_until <= clock_timestamp()
        returning 1
      )
      select exists (select 1 from due) as is_due from known`,
  );
  if (found.some(({ is_due }) => is_due)) signalOnCommit(trx, RELEASE_QUEUED);
  return found.length > 0;
}

/** Deletes the rows of payments that were released a while ago. */
export async function deleteOldReleases(connection: Knex, days: number): Promise<void> {
  await query(
    connection,
    sql`delete from nettle_payment_release where attempt in (
      select attempt from nettle_payment_release
      where released_at < now() - make_interval(days => ${days}) limit 5000)`,
  );
}
