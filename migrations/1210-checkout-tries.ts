import type { Knex } from "knex";

/**
 * Adds how often resuming an interrupted checkout has failed, and when to retry it. Splits the
 * state `paying` in two: `telling` the provider the amount, then authorizing.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table nettle_checkout
      add column if not exists tries integer not null default 0,
      add column if not exists next_try_at timestamp with time zone not null default now(),
      alter column state set default 'telling';
    update nettle_checkout set state = 'telling' where state = 'paying';
  `);
}
