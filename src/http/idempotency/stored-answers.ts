import type { Knex } from "knex";
import { encodeTime } from "ulid";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";

/** A row of Medusa's `idempotency_key`: ours, or one that a Medusa on the same database made. */
export interface StoredAnswer {
  readonly request_method: string | null;
  /** Medusa leaves `/store` and the section out: `/cart_…/complete`, or `/`. */
  readonly request_path: string | null;
  /** Stands for the whole request; null in Medusa's rows. */
  readonly fingerprint: string | null;
  readonly response_code: number | null;
  readonly response_body: unknown;
  /** `started`, `finished`, or a step of Medusa's between the two. */
  readonly recovery_point: string;
  /** Not older than answers are kept. */
  readonly current: boolean;
}

/** A request under a key. */
export interface KeyedRequest {
  readonly key: string;
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly fingerprint: string;
}

/** Begins the ids of our rows, by which they are told from Medusa's. */
const ID_PREFIX = "ikey_nettle";

const columns = (
  hours: number,
) => sql`request_method, request_path, request_params ->> 'nettle' as fingerprint, response_code, response_body,
  recovery_point, created_at > now() - make_interval(hours => ${hours}::int) as current`;

/** What is kept under a key. */
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
 * Locks a key's row, waiting for whoever has it, and gives what then is kept there; makes the row
 * where there is none.
 */
export async function lockIdempotencyKey(
  trx: Knex.Transaction,
  request: KeyedRequest,
  hours: number,
): Promise<StoredAnswer> {
  const [row] = await query<StoredAnswer>(
    trx,
    sql`insert into idempotency_key (id, idempotency_key, request_method, request_path, request_params)
        values (${newId(ID_PREFIX)}, ${request.key}, ${request.method}, ${request.path}, ${paramsOf(request)}::jsonb)
        on conflict (idempotency_key) do update set idempotency_key = excluded.idempotency_key
        returning ${columns(hours)}`,
  );
  return row!;
}

/** Writes an answer under a key, in the place of whatever was there. */
export async function storeAnswer(
  connection: Knex,
  request: KeyedRequest,
  status: number,
  body: unknown,
): Promise<void> {
  await query(
    connection,
    sql`insert into idempotency_key
          (id, idempotency_key, request_method, request_path, request_params, response_code, response_body, recovery_point)
        values (${newId(ID_PREFIX)}, ${request.key}, ${request.method}, ${request.path}, ${paramsOf(request)}::jsonb,
          ${status}::int, ${JSON.stringify(body)}::jsonb, 'finished')
        on conflict (idempotency_key) do update set
          id = excluded.id, created_at = now(), locked_at = null, request_method = excluded.request_method,
          request_path = excluded.request_path, request_params = excluded.request_params,
          response_code = excluded.response_code, response_body = excluded.response_body, recovery_point = 'finished'`,
  );
}

/**
 * Deletes at most `most` of our rows that are older than answers are kept, oldest first; gives how
 * many. Medusa's rows stay. Our ids carry their time, so the primary key finds them, and rows that
 * are in use are passed over.
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

function paramsOf({ params, fingerprint }: KeyedRequest): string {
  return JSON.stringify({ ...params, nettle: fingerprint });
}
