import type { Knex } from "knex";

/**
 * Lets payments in progress be as large as a shop's own columns allow, which may have been widened.
 * A double holds every integer that JavaScript counts exactly, and is read as a number.
 */
export async function up(knex: Knex): Promise<void> {
  for (const table of ["nettle_checkout", "nettle_payment_release", "nettle_authorization"])
    await knex.raw(`alter table ${table} alter column amount type double precision`);
}
