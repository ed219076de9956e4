import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** A cart on its way to an order, and the payment that is being made, or given back, for it. */
export interface Claim {
  readonly cart_id: string;
  /** Grows with each claim, so that who comes too late records nothing. */
  readonly fence: string;
  /** `canceling`: the payment is to be given back, whatever becomes of the cart. */
  readonly state: "paying" | "canceling";
  /** Stands for one try to pay, and begins its idempotency keys; null when nothing is being paid. */
  readonly attempt: string | null;
  readonly session_id: string | null;
  /** The payment's row, where there is one already. */
  readonly payment_id: string | null;
  readonly provider_id: string | null;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string | null;
  /** What the provider gave last. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is being paid. */
export type Attempt = Pick<
  Claim,
  "state" | "attempt" | "session_id" | "payment_id" | "provider_id" | "amount" | "currency_code" | "data"
>;

/** Longer than providers may take for one completion; after it another process may go on. */
const LEASE_SECONDS = 60;

/** Claims a cart whose row is locked; undefined while somebody else has it. */
export async function claimCart(trx: Knex.Transaction, cartId: string): Promise<Claim | undefined> {
  const [claim] = await query<Claim>(
    trx,
    sql`insert into nettle_checkout as c (cart_id, claimed_until) values (${cartId}, now() + make_interval(secs => ${LEASE_SECONDS}))
      on conflict (cart_id) do update set fence = c.fence + 1, claimed_until = excluded.claimed_until where c.claimed_until <= now()
      returning *`,
  );
  return claim;
}

/** Notes what is being paid, before it is. */
export async function noteAttempt(trx: Knex, claim: Claim, attempt: Attempt): Promise<Claim> {
  const { state, attempt: name, session_id, payment_id, provider_id, amount, currency_code, data } = attempt;
  const [noted] = await query<Claim>(
    trx,
    sql`update nettle_checkout set state = ${state}, attempt = ${name}, session_id = ${session_id}, payment_id = ${payment_id},
        provider_id = ${provider_id}, amount = ${amount}, currency_code = ${currency_code}, data = ${JSON.stringify(data)}::jsonb
      where cart_id = ${claim.cart_id} and fence = ${claim.fence} returning *`,
  );
  if (!noted) throw new LostClaim();
  return noted;
}

/** Another process has gone on with the cart meanwhile. */
export class LostClaim extends Error {}

/**
 * Ends a claim, in the transaction that makes it needless.
 * @throws LostClaim
 */
export async function endClaim(trx: Knex, claim: Claim): Promise<void> {
  const ended = await query(
    trx,
    sql`delete from nettle_checkout where cart_id = ${claim.cart_id} and fence = ${claim.fence} returning cart_id`,
  );
  if (ended.length === 0) throw new LostClaim();
}

/** Lets others go on with the cart at once; what is being paid stays noted. */
export async function letGo(connection: Knex, claim: Claim): Promise<void> {
  await query(
    connection,
    sql`update nettle_checkout set claimed_until = now() where cart_id = ${claim.cart_id} and fence = ${claim.fence}`,
  );
}

/** Carts that somebody has left half-way for so many seconds, those that wait longest first. */
export async function findLeftCarts(connection: Knex, seconds: number, most: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select cart_id as id from nettle_checkout where claimed_until <= now() - make_interval(secs => ${seconds})
      order by claimed_until limit ${most}`,
  );
  return rows.map(({ id }) => id);
}

/** Forgets a claim that nobody holds and under which nothing was being paid. */
export async function forgetIdleClaim(connection: Knex, cartId: string): Promise<void> {
  await query(
    connection,
    sql`delete from nettle_checkout where cart_id = ${cartId} and attempt is null and claimed_until <= now()`,
  );
}
