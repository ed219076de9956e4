import type { Knex } from "knex";

/**
 * How often nobody's completion has been gone on with in vain, and when to try next; telling a
 * provider and asking it to authorize are two steps.
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
