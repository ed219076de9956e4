import type { Knex } from "knex";
import { encodeTime } from "ulid";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";

/** A row of Medusa's `idempotency_key`, written by Nettle or by Medusa on the same database. */
export interface StoredAnswer {
  readonly request_method: string | null;
  /** Medusa leaves `/store` and the section out: `/cart_…/complete`, or `/`. */
  readonly request_path: string | null;
  /** Hash of the whole request; null in Medusa's rows. */
  readonly fingerprint: string | null;
  readonly response_code: number | null;
  readonly response_body: unknown;
  /** Whether the body holds only ids, from which the answer is shown again. */
  readonly is_reference: boolean;
  /** `started`, `finished`, or a step of Medusa's between the two. */
  readonly recovery_point: string;
  /** Whether the row is still valid: not older than answers are stored. */
  readonly current: boolean;
}

/** A request with an idempotency key. */
export interface KeyedRequest {
  readonly key: string;
  readonly method: string;
  /** As requested, without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly fingerprint: string;
}

/** Prefix of our rows' ids; distinguishes them from Medusa's. */
const ID_PREFIX = "ikey_nettle";

const columns = (hours: number) => sql`request_method, request_path,
  request_params ->> 'nettle' as fingerprint, response_code, response_body, recovery_point,
  coalesce(request_params ? 'nettle_reference', false) as is_reference,
  created_at > now() - make_interval(hours => ${hours}::int) as current`;

/** Returns the row of a key, if there is one. */
export async function findStoredAnswer(
  connection: Knex,
  key: string,
  hours: number,
): Promise<StoredAnswer | undefined> {
  const [row] = await query<StoredAnswer>(
    connection,
    sql`select ${columns(hours)} from idempotency_key where idempotency_key = ${key}`,
  );
  return row;
}

/**
 * Locks a key's row, or inserts it if there is none. Waits while another transaction holds it and
 * returns the row as it then is.
 */
export async function lockIdempotencyKey(
  trx: Knex.Transaction,
  request: KeyedRequest,
  hours: number,
): Promise<StoredAnswer> {
  const [row] = await query<StoredAnswer>(
    trx,
    sql`insert into idempotency_key
          (id, idempotency_key, request_method, request_path, request_params)
        values (${newId(ID_PREFIX)}, ${request.key}, ${request.method}, ${request.path},
          ${paramsOf(request)}::jsonb)
        on conflict (idempotency_key) do update set idempotency_key = excluded.idempotency_key
        returning ${columns(hours)}`,
  );
  return row!;
}

/** An answer as it is stored. */
export interface AnswerToStore {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
  /** Whether the body holds only ids, from which the answer is shown again. */
  readonly isReference: boolean;
}

/** Stores an answer under a key and replaces what was there. */
export async function storeAnswer(
  connection: Knex,
  request: KeyedRequest,
  { status, body, isReference }: AnswerToStore,
): Promise<void> {
  await query(
    connection,
    sql`insert into idempotency_key
          (id, idempotency_key, request_method, request_path, request_params,
          response_code, response_body, recovery_point)
        values (${newId(ID_PREFIX)}, ${request.key}, ${request.method}, ${request.path},
          ${paramsOf(request, isReference)}::jsonb, ${status}::int, ${body}::jsonb, 'finished')
        on conflict (idempotency_key) do update set
          id = excluded.id, created_at = now(), locked_at = null,
          request_method = excluded.request_method, request_path = excluded.request_path,
          request_params = excluded.request_params, response_code = excluded.response_code,
          response_body = excluded.response_body, recovery_point = 'finished'`,
  );
}

/**
 * Deletes up to `limit` of our rows that are older than `hours`, oldest first. Skips locked rows
 * and leaves Medusa's rows alone. Our ids contain their time, so the primary key finds the rows.
 * Returns how many were deleted.
 */
export async function deleteOldAnswers(
  connection: Knex,
  hours: number,
  limit: number,
): Promise<number> {
  const [least, bound] = [
    `${ID_PREFIX}_`,
    `${ID_PREFIX}_${encodeTime(Date.now() - hours * 3_600_000, 10)}`,
  ];
  const deleted = await query(
    connection,
    sql`delete from idempotency_key where id in (
          select id from idempotency_key
          where id >= ${least} and id < ${bound} and starts_with(id, ${least})
          order by id limit ${limit} for update skip locked)
        returning 1`,
  );
  return deleted.length;
}

function paramsOf({ params, fingerprint }: KeyedRequest, isReference = false): string {
  const reference = isReference ? { nettle_reference: true } : {};
  return JSON.stringify({ ...params, nettle: fingerprint, ...reference });
}
