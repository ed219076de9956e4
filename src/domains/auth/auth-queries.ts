import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import type { PasswordChange } from "./credential-rules.ts";
import type { PasswordForm } from "./passwords.ts";

/** An account as logging in needs it. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly password_hash: string | null;
  /** How often the password has been changed. */
  readonly password_version: number;
}

/** The account of an e-mail, whatever its case. Guests have none. */
export async function findAccount(connection: Knex, email: string): Promise<Account | undefined> {
  const [row] = await query<Account>(
    connection,
    sql`select c.id, c.email, c.first_name, c.last_name, c.password_hash, coalesce(p.version, 0) as password_version
      from customer c left join nettle_password_change p on p.customer_id = c.id
      where c.email = ${email.toLowerCase()} and c.has_account and c.deleted_at is null`,
  );
  return row;
}

/** Stores a password in another form; not if it was changed meanwhile. */
export async function replaceHash(
  connection: Knex,
  customerId: string,
  former: string,
  upgradedHash: string,
): Promise<void> {
  await query(
    connection,
    sql`update customer set password_hash = ${upgradedHash} where id = ${customerId} and password_hash = ${former}`,
  );
}

/** The last change of a customer's password, if there was one. */
export async function findPasswordChange(
  connection: Knex,
  customerId: string,
): Promise<PasswordChange | undefined> {
  const [row] = await query<PasswordChange>(
    connection,
    sql`select version, changed_at, spared_token from nettle_password_change where customer_id = ${customerId}`,
  );
  return row;
}

/**
 * Stores a new password and ends all that was given out for the former one but the token named;
 * gives the password's version.
 */
export async function changePassword(
  trx: Transaction,
  customerId: string,
  hash: string,
  change: { readonly at: Date; readonly sparedToken: string | undefined },
): Promise<number> {
  const at = change.at.toISOString();
  await query(
    trx,
    sql`update customer set password_hash = ${hash}, updated_at = ${at} where id = ${customerId}`,
  );
  const [row] = await query<{ version: number }>(
    trx,
    sql`insert into nettle_password_change (customer_id, version, changed_at, spared_token)
      values (${customerId}, 1, ${at}, ${change.sparedToken ?? null})
      on conflict (customer_id) do update set version = nettle_password_change.version + 1,
        changed_at = excluded.changed_at, spared_token = excluded.spared_token
      returning version`,
  );
  return row!.version;
}

/**
 * How passwords are stored here: where a Medusa has stored some, in its own form, so that it can
 * read them if the shop goes back.
 */
export async function findPasswordForm(connection: Knex): Promise<PasswordForm> {
  const [row] = await query<{ medusa: boolean }>(
    connection,
    sql`select exists (select 1 from customer where password_hash like 'c2NyeXB0%')
      or exists (select 1 from "user" where password_hash like 'c2NyeXB0%') as medusa`,
  );
  return row?.medusa ? "scrypt" : "bcrypt";
}
