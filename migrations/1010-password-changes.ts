import type { Knex } from "knex";

/**
 * Creates the table of password changes: how often a customer changed the password, when last, and
 * by which token. Sessions and tokens from before the change are invalid, except that token.
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
