import type { Knex } from "knex";

/**
 * Fencing numbers that never come again: a claim that ended and one that begins anew are two, also
 * for who held the first and comes late.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create sequence if not exists nettle_fence start 1000000;
    alter table nettle_checkout alter column fence set default nextval('nettle_fence');
    alter table nettle_authorization alter column fence set default nextval('nettle_fence');
  `);
}
