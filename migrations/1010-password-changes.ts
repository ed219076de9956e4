import type { Knex } from "knex";

/**
 * Who changed the password, how often, when last, and the token that did it: older sessions and
 * tokens are no longer good.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_password_change (
      customer_id character varying primary key,
      version integer not null,
      changed_at timestamp with time zone not null,
      spared_token character varying
    );
  `);
}
