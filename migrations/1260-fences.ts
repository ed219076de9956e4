import type { Knex } from "knex";

/**
 * Draws fencing tokens from a sequence, so that a token never recurs. Writes of a stale lease
 * holder then match no row, even if the lease was deleted and acquired again.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create sequence if not exists nettle_fence start 1000000;
    alter table nettle_checkout alter column fence set default nextval('nettle_fence');
    alter table nettle_authorization alter column fence set default nextval('nettle_fence');
  `);
}
