import type { Knex } from "knex";
import { LEASE_SECONDS, withLease } from "../../concurrency/lease.ts";
import { query, sql } from "../../database/sql.ts";

/** A cart on its way to an order, and the payment that is being made, or given back, for it. */
export interface CheckoutLease {
  readonly cart_id: string;
  /** Another one for each claim, so that who comes too late records nothing. */
  readonly fence: string;
  /**
   * `telling`: the provider is to hear what is due, so nothing is set aside yet · `authorizing`: it
   * has heard, and may have set that aside · `canceling`: the payment is to be given back, whatever
   * becomes of the cart · `deleting`: so, too, and its provider was perhaps told to give it up
   */
  readonly state: "telling" | "authorizing" | "canceling" | "deleting";
  /**
   * Stands for one try to pay, and begins its idempotency keys; null when nothing is being paid.
   */
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
  /** How often nobody's completion was gone on with in vain. */
  readonly tries: number;
}

/** What is being paid. */
export type PaymentAttempt = Omit<CheckoutLease, "cart_id" | "fence" | "tries">;

/**
 * After so many tries in vain, some three hours after the first, a payment is no longer waited for.
 */
export const MAX_TRIES = 10;

/** Another process has gone on with the cart meanwhile. */
export class LeaseLostError extends Error {}

/**
 * Who works at which cart. A claim holds for a few seconds after it was made, noted or renewed
 * last; then another process may go on.
 */
export class CheckoutLeases {
  /** Claims a cart whose row is locked; undefined while somebody else has it. */
  async acquire(trx: Knex.Transaction, cartId: string): Promise<CheckoutLease | undefined> {
    const [lease] = await query<CheckoutLease>(
      trx,
      sql`insert into nettle_checkout as c (cart_id, claimed_until) values (${cartId}, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))
        on conflict (cart_id) do update set fence = excluded.fence, claimed_until = excluded.claimed_until where c.claimed_until <= clock_timestamp()
        returning *`,
    );
    return lease;
  }

  /** Claims a cart whose row is locked, if somebody has left it half-way. */
  async acquireInterrupted(
    trx: Knex.Transaction,
    cartId: string,
  ): Promise<CheckoutLease | undefined> {
    const [lease] = await query<CheckoutLease>(
      trx,
      sql`update nettle_checkout set fence = default, claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
        where cart_id = ${cartId} and claimed_until <= clock_timestamp() returning *`,
    );
    return lease;
  }

  /**
   * Holds on to a claim as long as the work takes. The transaction that ends the claim is not
   * waited for.
   */
  renewWhile<T>(
    connection: Knex,
    { cart_id, fence }: CheckoutLease,
    execute: () => Promise<T>,
  ): Promise<T> {
    const extension = sql`update nettle_checkout set claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      where cart_id in (select cart_id from nettle_checkout where cart_id = ${cart_id} and fence = ${fence} for update skip locked)`;
    return withLease(() => query(connection, extension), execute);
  }

  /**
   * Notes what is going to be done, before it is, and holds on to the claim.
   * @throws LostClaim
   */
  async record(
    connection: Knex,
    lease: CheckoutLease,
    changes: Partial<PaymentAttempt>,
  ): Promise<CheckoutLease> {
    const { state, attempt, session_id, payment_id, provider_id, amount, currency_code, data } = {
      ...lease,
      ...changes,
    };
    const [recorded] = await query<CheckoutLease>(
      connection,
      sql`update nettle_checkout set state = ${state}, session_id = ${session_id}, payment_id = ${payment_id},
          provider_id = ${provider_id}, amount = ${amount}, currency_code = ${currency_code}, data = ${JSON.stringify(data)}::jsonb,
          tries = case when attempt is not distinct from ${attempt} then tries else 0 end, attempt = ${attempt},
          claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
        where cart_id = ${lease.cart_id} and fence = ${lease.fence} returning *`,
    );
    if (!recorded) throw new LeaseLostError();
    return recorded;
  }

  /**
   * Ends a claim, in the transaction that makes it needless.
   * @throws LostClaim
   */
  async end(trx: Knex, lease: CheckoutLease): Promise<void> {
    const ended = await query(
      trx,
      sql`delete from nettle_checkout where cart_id = ${lease.cart_id} and fence = ${lease.fence} returning cart_id`,
    );
    if (ended.length === 0) throw new LeaseLostError();
  }

  /**
   * Lets others go on with the cart at once; what is being paid stays noted. A claim that has ended
   * is no fault.
   */
  async releaseLease(connection: Knex, lease: CheckoutLease): Promise<void> {
    await query(
      connection,
      sql`update nettle_checkout set claimed_until = clock_timestamp() where cart_id = ${lease.cart_id} and fence = ${lease.fence}`,
    );
  }
}

/** Forgets whatever claim there is on a cart that has become an order. */
export async function deleteCheckoutLease(trx: Knex.Transaction, cartId: string): Promise<void> {
  await query(trx, sql`delete from nettle_checkout where cart_id = ${cartId}`);
}
