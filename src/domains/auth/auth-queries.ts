import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { PasswordForm } from "./passwords.ts";

/** The account of an e-mail: its id and the stored hash of its password. Guests have none. The e-mail's case does not count. */
export async function findAccount(
  connection: Knex,
  email: string,
): Promise<{ id: string; password_hash: string | null } | undefined> {
  const [row] = await query<{ id: string; password_hash: string | null }>(
    connection,
    sql`select id, password_hash from customer where email = ${email.toLowerCase()} and has_account and deleted_at is null`,
  );
  return row;
}

/** Stores a password in another form; not if it was changed meanwhile. */
export async function replaceHash(connection: Knex, customerId: string, former: string, better: string): Promise<void> {
  await query(
    connection,
    sql`update customer set password_hash = ${better} where id = ${customerId} and password_hash = ${former}`,
  );
}

/** How passwords are stored here: where a Medusa has stored some, its own form, so that it can read them if the shop goes back. */
export async function findPasswordForm(connection: Knex): Promise<PasswordForm> {
  const [row] = await query<{ medusa: boolean }>(
    connection,
    sql`select exists (select 1 from customer where password_hash like 'c2NyeXB0%')
      or exists (select 1 from "user" where password_hash like 'c2NyeXB0%') as medusa`,
  );
  return row?.medusa ? "scrypt" : "bcrypt";
}
