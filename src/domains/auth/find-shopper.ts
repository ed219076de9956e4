import type { Knex } from "knex";
import type { Credential } from "../../core/request-context.ts";
import { query, type Sql, sql } from "../../database/sql.ts";
import type { Shopper, ShopperClaim } from "../../http/catalogue/shopper.ts";
import { groupsWithPrices } from "../pricing/catalogue-context.ts";
import { isCurrent, type PasswordChange } from "./credential-rules.ts";

interface ShopperRow {
  readonly customerId: string | null;
  readonly passwordVersion: number | null;
  readonly isRemoved: boolean;
  readonly passwordChange: PasswordChange | null;
  readonly cart: { readonly region_id: string | null } | null;
  readonly groups: string[];
}

/**
 * Finds by one statement what decides the prices of a catalogue read. A login that is no longer
 * valid counts as none. Returns undefined for a cart that does not exist.
 */
export async function findShopper(
  connection: Knex,
  { credential, sessionId, cartId }: ShopperClaim,
): Promise<Shopper | undefined> {
  const [row] = await query<ShopperRow>(
    connection,
    sql`select who.id as "customerId", who.version as "passwordVersion",
        exists (select from customer c where c.id = who.id and c.deleted_at is not null)
          as "isRemoved",
        (select json_build_object('version', p.version, 'changed_at', p.changed_at,
            'spared_token', p.spared_token)
          from nettle_password_change p where p.customer_id = who.id) as "passwordChange",
        (select json_build_object('region_id', c.region_id) from cart c
          where c.id = ${cartId ?? ""} and c.deleted_at is null) as cart,
        ${groupsWithPrices(sql`who.id`)} as groups
      from (${loggedIn(credential, sessionId)}) who`,
  );
  if (!row || (cartId !== undefined && !row.cart)) return;
  const { customerId, isRemoved, passwordChange } = row;
  const login = credential ?? (customerId ? ofSession(customerId, row) : undefined);
  const isValid = login && !isRemoved && isCurrent(login, passwordChange ?? undefined);
  return { regionId: row.cart?.region_id ?? undefined, groupIds: isValid ? row.groups : [] };
}

/** One row: the customer, and the password version of a session. */
function loggedIn(credential: Credential | undefined, sessionId: string | undefined): Sql {
  if (credential) return sql`select ${credential.customerId}::text as id, null::int as version`;
  if (sessionId === undefined) return sql`select null::text as id, null::int as version`;
  return sql`select max(s.sess ->> 'customer_id') as id,
      max((s.sess ->> 'password_version')::int) as version
    from nettle_session s where s.sid = ${sessionId} and s.expire >= now()`;
}

function ofSession(customerId: string, { passwordVersion }: ShopperRow): Credential {
  return {
    customerId,
    passwordVersion: passwordVersion ?? undefined,
    issuedAt: undefined,
    tokenFingerprint: undefined,
  };
}
