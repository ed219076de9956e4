import type { Knex } from "knex";

/** The request that an event or a queued release comes from, under whose id it is logged. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table nettle_delivery add column if not exists request_id character varying;
    alter table nettle_payment_release add column if not exists request_id character varying;
  `);
}
