import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { EventName } from "../subscribers.ts";

/** An address that events are sent to. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly EventName[];
  /** Signs what is sent. */
  readonly secret: string;
  readonly created_at: string;
}

/** Returns all webhooks, oldest first. */
export function listWebhooks(connection: Knex): Promise<Webhook[]> {
  return query<Webhook>(
    connection,
    sql`select id, url, events, secret, created_at from nettle_webhook order by created_at, id`,
  );
}

/** Adds a webhook, unless there are `limit` of them. Returns whether it was added. */
export async function insertWebhook(
  connection: Knex,
  { id, url, events, secret }: Omit<Webhook, "created_at">,
  limit: number,
): Promise<boolean> {
  const rows = await query(
    connection,
    sql`insert into nettle_webhook (id, url, events, secret)
      select ${id}, ${url}, ${events}::varchar[], ${secret}
      where (select count(*) from nettle_webhook) < ${limit} returning 1`,
  );
  return rows.length > 0;
}

/** Removes a webhook with its deliveries. Returns whether it was there. */
export async function deleteWebhook(connection: Knex, id: string): Promise<boolean> {
  const rows = await query(
    connection,
    sql`with webhook as (delete from nettle_webhook where id = ${id} returning id),
      undelivered as (
        delete from nettle_delivery where subscriber in (select id from webhook))
      select id from webhook`,
  );
  return rows.length > 0;
}
