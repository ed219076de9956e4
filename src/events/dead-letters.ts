import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";

/** A delivery that failed too often. */
export interface DeadLetter {
  readonly id: string;
  readonly event_id: string;
  readonly name: string;
  readonly subscriber: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly error: string | null;
  readonly attempts: number;
  readonly created_at: string;
  readonly dead_at: string;
}

/** Which dead letters are meant. Undefined means any. */
interface DeadLetterFilter {
  readonly ids?: readonly string[] | undefined;
  /** Of webhooks, or of other subscribers. */
  readonly ofWebhooks?: boolean | undefined;
}

/** Returns at most `limit` dead letters, newest first, and how many there are in all. */
export async function listDeadLetters(
  connection: Knex,
  filter: DeadLetterFilter,
  limit: number,
): Promise<{ readonly letters: DeadLetter[]; readonly count: number }> {
  const letters = await query<DeadLetter>(
    connection,
    sql`select id, event_id, name, subscriber, data, error, attempts, created_at, dead_at
      from nettle_delivery where dead_at is not null and ${matching(filter)}
      order by dead_at desc, id desc limit ${limit}`,
  );
  const [row] = await query<{ count: number }>(
    connection,
    sql`select count(*)::int as count from nettle_delivery
      where dead_at is not null and ${matching(filter)}`,
  );
  return { letters, count: row!.count };
}

/** What waits for a subscriber and is no dead letter yet. */
export interface WaitingEvents {
  readonly subscriber: string;
  readonly count: number;
  /** Since when the oldest one waits. */
  readonly since: string;
  /** How often the one that failed last has been tried, and why it failed. */
  readonly attempts: number;
  readonly error: string | null;
}

/** Returns what waits for each subscriber, the longest first. */
export function listWaitingEvents(
  connection: Knex,
  filter: DeadLetterFilter,
): Promise<WaitingEvents[]> {
  return query<WaitingEvents>(
    connection,
    sql`select subscriber, count(*)::int as count, min(waits_since) as since,
        max(attempts) as attempts,
        (array_agg(error order by due_at desc) filter (where error is not null))[1] as error
      from nettle_delivery where dead_at is null and ${matching(filter)}
      group by subscriber order by since, subscriber`,
  );
}

/**
 * Makes dead letters due again, for as long as new events. Returns their ids.
 */
export async function retryDeadLetters(
  connection: Knex,
  filter: DeadLetterFilter,
): Promise<string[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`update nettle_delivery
      set dead_at = null, attempts = 0, due_at = now(), waits_since = now()
      where dead_at is not null and ${matching(filter)} returning id`,
  );
  return rows.map(({ id }) => id);
}

function matching({ ids, ofWebhooks }: DeadLetterFilter) {
  return sql`(${ids ?? null}::bigint[] is null or id = any(${ids ?? null}::bigint[]))
    and (${ofWebhooks ?? null}::boolean is null
      or (subscriber ~ ${WEBHOOK_ID}) = ${ofWebhooks ?? null}::boolean)`;
}

/** The form of the ids of webhooks. */
export const WEBHOOK_ID = "^we_[0-9A-Z]{26}$";
