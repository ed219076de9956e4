import type { Knex } from "knex";
import { LEASE_SECONDS } from "../../concurrency/lease.ts";
import { query, sql } from "../../database/sql.ts";

/**
 * A session that a provider is being asked to authorize, and what it is asked: the same again
 * brings back an answer that got lost.
 */
export interface Authorization {
  readonly session_id: string;
  readonly payment_collection_id: string;
  /** Another one for each claim, so that who comes too late records nothing. */
  readonly fence: string;
  /** Begins the idempotency keys; another one once the provider has answered. */
  readonly attempt: string;
  readonly provider_id: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** How often it was asked for. */
  readonly tries: number;
}

/** What a new claim asks. */
export type NewAuthorization = Omit<Authorization, "fence" | "tries">;

/** After it another process may go on. */
const LEASE = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/**
 * Claims sessions whose collection is locked, before their providers are asked; fewer come back
 * while somebody else has some. A claim that was left keeps what it asked.
 */
export function acquireSessionLeases(
  trx: Knex.Transaction,
  newAuthorizations: readonly NewAuthorization[],
): Promise<Authorization[]> {
  return query<Authorization>(
    trx,
    sql`insert into nettle_authorization as a
        (session_id, payment_collection_id, attempt, provider_id, amount, currency_code, data, context, claimed_until)
      select r.session_id, r.payment_collection_id, r.attempt, r.provider_id, r.amount, r.currency_code, r.data, r.context, ${LEASE}
      from jsonb_to_recordset(${JSON.stringify(newAuthorizations)}::jsonb) as r (session_id text, payment_collection_id text, attempt text,
        provider_id text, amount integer, currency_code text, data jsonb, context jsonb)
      on conflict (session_id) do update set fence = excluded.fence, tries = a.tries + 1, claimed_until = excluded.claimed_until
        where a.claimed_until <= now()
      returning *`,
  );
}

/** Claims what was left of a collection's authorizations. */
export function acquireInterrupted(
  connection: Knex,
  collectionId: string,
): Promise<Authorization[]> {
  return query<Authorization>(
    connection,
    sql`update nettle_authorization set fence = default, tries = tries + 1, claimed_until = ${LEASE}
      where payment_collection_id = ${collectionId} and claimed_until <= now() returning *`,
  );
}

/** Holds claims for longer; a transaction that ends one is not waited for. */
export async function renewLeases(
  connection: Knex,
  authorizations: readonly Authorization[],
): Promise<void> {
  const fences = authorizations.map(({ fence }) => fence);
  await query(
    connection,
    sql`update nettle_authorization set claimed_until = ${LEASE} where session_id in
      (select session_id from nettle_authorization where fence = any(${fences}::bigint[]) for update skip locked)`,
  );
}

/** Whether a provider is being asked, or was and its answer is not recorded. */
export async function isBeingAuthorized(connection: Knex, collectionId: string): Promise<boolean> {
  const rows = await query(
    connection,
    sql`select 1 from nettle_authorization where payment_collection_id = ${collectionId} limit 1`,
  );
  return rows.length > 0;
}

/** Another process has gone on with it meanwhile. */
export class LeaseLostError extends Error {}

/**
 * Ends a claim, in the transaction that makes it needless.
 * @throws LostClaim
 */
export async function endLease(
  connection: Knex,
  { session_id, fence }: Authorization,
): Promise<void> {
  const ended = await query(
    connection,
    sql`delete from nettle_authorization where session_id = ${session_id} and fence = ${fence} returning 1`,
  );
  if (ended.length === 0) throw new LeaseLostError();
}

/** Lets others go on at once; what is being asked stays noted. */
export async function releaseLease(
  connection: Knex,
  { session_id, fence }: Authorization,
): Promise<void> {
  await query(
    connection,
    sql`update nettle_authorization set claimed_until = now() where session_id = ${session_id} and fence = ${fence}`,
  );
}

/**
 * Collections of which authorizations have been left for so many seconds, and longer the oftener
 * they were gone on with in vain.
 */
export async function findInterruptedCollections(
  connection: Knex,
  seconds: number,
  limit: number,
): Promise<string[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select payment_collection_id as id from nettle_authorization
      where claimed_until <= now() - make_interval(secs => ${seconds}::float8 * power(2, least(tries, 9) - 1))
      group by 1 order by min(claimed_until) limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}
