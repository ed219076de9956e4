import type { Knex } from "knex";

/**
 * The payment sessions whose provider does not know yet what their cart costs. A row is written by
 * the change of the cart and deleted once the provider has answered. It gets a new `version` with
 * each change. A row is entered for each session that a former program may have left so.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_unfollowed_session (
      session_id character varying primary key,
      version bigint not null default nextval('nettle_fence'),
      payer_id character varying,
      fence bigint not null default nextval('nettle_fence'),
      claimed_until timestamp with time zone not null default now(),
      since timestamp with time zone not null default now()
    );
    create index if not exists nettle_unfollowed_session_since
      on nettle_unfollowed_session (since);

    insert into nettle_unfollowed_session (session_id)
      select s.id from payment_session s join cart c on c.id = s.cart_id
      where s.is_initiated and s.status in ('pending', 'requires_more', 'error')
        and s.provider_id <> 'manual' and s.data <> '{}'
        and s.updated_at > now() - interval '30 days'
        and c.completed_at is null and c.deleted_at is null
      on conflict do nothing;
  `);
}
