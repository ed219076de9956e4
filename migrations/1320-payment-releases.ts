import type { Knex } from "knex";

/**
 * Payments that must be refunded or voided, each under its own key, so that any number of one cart
 * can wait. A row stays for a while after its release, to recognize late reports about the payment.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_payment_release (
      attempt character varying primary key,
      resource_id character varying not null,
      provider_id character varying not null,
      session_id character varying,
      payment_id character varying,
      amount integer not null default 0,
      currency_code character varying not null,
      data jsonb not null default '{}',
      state character varying not null default 'waiting',
      fence bigint not null default nextval('nettle_fence'),
      claimed_until timestamp with time zone not null default now(),
      tries integer not null default 0,
      next_try_at timestamp with time zone not null default now(),
      created_at timestamp with time zone not null default now(),
      released_at timestamp with time zone
    );
    create index if not exists nettle_payment_release_due
      on nettle_payment_release (provider_id, next_try_at) where released_at is null;
    create index if not exists nettle_payment_release_resource_id
      on nettle_payment_release (resource_id);
    create index if not exists nettle_payment_release_released_at
      on nettle_payment_release (released_at);
  `);
}
