import type { Knex } from "knex";
import { counted } from "../core/counted.ts";

/** Returns how many connections of other Nettle processes are open on the database. */
export async function findBusyNettle(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name = 'nettle'
       and pid <> pg_backend_pid()`,
  );
  return rows[0]?.count ?? 0;
}

/** The tables in which payments wait, and what names a payment there. */
const WAITING = [
  { table: "nettle_checkout", resource: "'cart ' || cart_id", where: "true" },
  {
    table: "nettle_authorization",
    resource: "'payment collection ' || payment_collection_id",
    where: "true",
  },
  { table: "nettle_payment_release", resource: "resource_id", where: "released_at is null" },
];

/**
 * Returns a line for each payment that may have been made, and is neither an order's nor voided nor
 * refunded yet.
 */
export async function findUnsettledPayments(knex: Knex): Promise<string[]> {
  const lines: string[] = [];
  for (const { table, resource, where } of WAITING) {
    if (!(await exists(knex, table))) continue;
    const { rows } = await knex.raw<{ rows: { line: string }[] }>(
      `select ${resource} || ', provider ' || coalesce(provider_id, 'unknown') || ', ' || amount
         || ' ' || coalesce(currency_code, '') as line
       from ${table} where ${where} order by created_at`,
    );
    lines.push(...rows.map(({ line }) => line.trim()));
  }
  return lines;
}

/**
 * Returns a sentence for everything that a removal ends: undelivered mails, sessions, passwords.
 */
export async function findLosses(knex: Knex): Promise<string[]> {
  const losses = [
    ...["nettle_outbox", "nettle_delivery"].map((table) => ({
      table,
      where: "true",
      sentence: (count: number) =>
        counted(
          count,
          "event was not delivered and is dropped",
          "events were not delivered and are dropped",
        ),
    })),
    {
      table: "nettle_webhook",
      where: "true",
      sentence: (count: number) =>
        counted(count, "webhook is no longer called", "webhooks are no longer called"),
    },
    {
      table: "nettle_session",
      where: "expire > now()",
      sentence: (count: number) =>
        counted(
          count,
          "session ends, since it is kept in the database",
          "sessions end, since they are kept in the database",
        ),
    },
    {
      table: "customer",
      where: "has_account and deleted_at is null and password_hash like '$2%'",
      sentence: (count: number) =>
        counted(
          count,
          "customer must reset the password, which is in a form that Medusa cannot read",
          "customers must reset their passwords, which are in a form that Medusa cannot read",
        ),
    },
  ];
  const sentences: string[] = [];
  for (const { table, where, sentence } of losses) {
    if (!(await exists(knex, table))) continue;
    const { rows } = await knex.raw<{ rows: { count: number }[] }>(
      `select count(*)::int as count from ${table} where ${where}`,
    );
    const count = rows[0]?.count ?? 0;
    if (count > 0) sentences.push(sentence(count));
  }
  return sentences;
}

async function exists(knex: Knex, table: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    "select to_regclass(?) is not null as found",
    [table],
  );
  return rows[0]?.found ?? false;
}
