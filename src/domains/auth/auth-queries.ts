import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import type { PasswordChange } from "./credential-rules.ts";
import type { PasswordForm } from "./passwords.ts";

/** No shorter than the time in which attempts are counted. */
const SETTLED_AFTER = "15 minutes";

/** An account with what a login needs. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly password_hash: string | null;
  /** How often the password has been changed. */
  readonly password_version: number;
}

/** Returns the account with an e-mail, in any case. Guests have no account. */
export async function findAccount(connection: Knex, email: string): Promise<Account | undefined> {
  const [row] = await query<Account>(
    connection,
    sql`select c.id, c.email, c.first_name, c.last_name, c.password_hash,
        coalesce(p.version, 0) as password_version
      from customer c left join nettle_password_change p on p.customer_id = c.id
      where c.email = ${email.toLowerCase()} and c.has_account and c.deleted_at is null`,
  );
  return row;
}

/**
 * Returns the e-mail that an account was registered with, in lower case. One that it was changed to
 * counts only after the time in which attempts are counted: an account that takes a stranger's
 * e-mail, and leaves it to the next account, would be its owner each time.
 */
export async function findSettledEmail(
  connection: Knex,
  customerId: string,
): Promise<string | undefined> {
  const [row] = await query<{ email: string }>(
    connection,
    sql`select lower(email) as email from customer
      where id = ${customerId} and has_account and deleted_at is null
        and (updated_at = created_at or updated_at < now() - ${SETTLED_AFTER}::interval)`,
  );
  return row?.email;
}

/** Replaces a password's hash by one in another form, unless the password was changed meanwhile. */
export async function replaceHash(
  connection: Knex,
  customerId: string,
  former: string,
  upgradedHash: string,
): Promise<void> {
  await query(
    connection,
    sql`update customer set password_hash = ${upgradedHash}
      where id = ${customerId} and password_hash = ${former}`,
  );
}

/** Returns whether a customer was removed, and the last change of the password if there was one. */
export async function findLoginState(
  connection: Knex,
  customerId: string,
): Promise<{ isRemoved: boolean; passwordChange: PasswordChange | undefined }> {
  const [row] = await query<{ isRemoved: boolean; passwordChange: PasswordChange | null }>(
    connection,
    sql`select exists (select 1 from customer c
          where c.id = ${customerId} and c.deleted_at is not null) as "isRemoved",
        (select json_build_object('version', p.version, 'changed_at', p.changed_at,
            'spared_token', p.spared_token)
          from nettle_password_change p where p.customer_id = ${customerId}) as "passwordChange"`,
  );
  return { isRemoved: row!.isRemoved, passwordChange: row!.passwordChange ?? undefined };
}

/**
 * Stores a new password and invalidates all credentials issued for the former one, except
 * `sparedToken`. Returns the new password version.
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
    sql`update customer set password_hash = ${hash}, updated_at = ${at}
      where id = ${customerId}`,
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
 * Returns the form in which to store passwords: Medusa's own if Medusa has built this database or
 * stored passwords in it, so that it can read ours should the shop go back to it.
 */
export async function findPasswordForm(connection: Knex): Promise<PasswordForm> {
  const [row] = await query<{ medusa: boolean }>(
    connection,
    sql`select exists (select 1 from nettle_adoption)
      or exists (select 1 from customer where password_hash like 'c2NyeXB0%')
      or exists (select 1 from "user" where password_hash like 'c2NyeXB0%') as medusa`,
  );
  return row?.medusa ? "scrypt" : "bcrypt";
}
