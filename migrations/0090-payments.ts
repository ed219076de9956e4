import type { Knex } from "knex";

/** Creates payment sessions, payments, payment collections and refunds. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create type payment_session_status_enum as enum
  ('authorized', 'pending', 'requires_more', 'error', 'canceled');

create table payment_session (
  id varchar not null,
  cart_id varchar,
  provider_id varchar not null,
  is_selected boolean,
  status payment_session_status_enum not null,
  data jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  idempotency_key varchar,
  payment_authorized_at timestamptz,
  amount integer,
  is_initiated boolean not null default false,
  constraint "PK_a1a91b20f7f3b1e5afb5485cbcd" primary key (id),
  constraint "OneSelected" unique (cart_id, is_selected)
);
create index "IDX_d18ad72f2fb7c87f075825b6f8" on payment_session (provider_id);
create index "IDX_d25ba0787e1510ddc5d442ebcf" on payment_session (cart_id);
create unique index "UniqPaymentSessionCartIdProviderId" on payment_session (cart_id, provider_id)
  where cart_id is not null;

create table payment (
  id varchar not null,
  swap_id varchar,
  cart_id varchar,
  order_id varchar,
  amount integer not null,
  currency_code varchar not null,
  amount_refunded integer not null default 0,
  provider_id varchar not null,
  data jsonb not null,
  captured_at timestamptz,
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  idempotency_key varchar,
  constraint "PK_fcaec7df5adf9cac408c686b2ab" primary key (id),
  constraint "REL_c17aff091441b7c25ec3d68d36" unique (swap_id)
);
create index "IDX_4665f17abc1e81dd58330e5854" on payment (cart_id);
create index "IDX_aac4855eadda71aa1e4b6d7684" on payment (cart_id) where canceled_at is not null;
create index "IDX_c17aff091441b7c25ec3d68d36" on payment (swap_id);
create index "IDX_ea94f42b6c88e9191c3649d752" on payment (provider_id);
create index "IDX_f5221735ace059250daac9d980" on payment (order_id);
create index "IDX_payment_currency_code" on payment (currency_code);
create unique index "UniquePaymentActive" on payment (cart_id) where canceled_at is null;

create type "PAYMENT_COLLECTION_TYPE_ENUM" as enum ('order_edit');
create type "PAYMENT_COLLECTION_STATUS_ENUM" as enum (
  'not_paid',
  'awaiting',
  'authorized',
  'partially_authorized',
  'canceled'
);

create table payment_collection (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  type "PAYMENT_COLLECTION_TYPE_ENUM" not null,
  status "PAYMENT_COLLECTION_STATUS_ENUM" not null,
  description text,
  amount integer not null,
  authorized_amount integer,
  region_id varchar not null,
  currency_code varchar not null,
  metadata jsonb,
  created_by varchar not null,
  constraint "PK_payment_collection_id" primary key (id)
);
create index "IDX_payment_collection_currency_code" on payment_collection (currency_code)
  where deleted_at is null;
create index "IDX_payment_collection_region_id" on payment_collection (region_id)
  where deleted_at is null;

create table payment_collection_payments (
  payment_collection_id varchar not null,
  payment_id varchar not null,
  constraint "PK_payment_collection_payments" primary key (payment_collection_id, payment_id)
);
create index "IDX_payment_collection_payments_payment_collection_id"
  on payment_collection_payments (payment_collection_id);
create index "IDX_payment_collection_payments_payment_id"
  on payment_collection_payments (payment_id);

create table payment_collection_sessions (
  payment_collection_id varchar not null,
  payment_session_id varchar not null,
  constraint "PK_payment_collection_sessions"
    primary key (payment_collection_id, payment_session_id)
);
create index "IDX_payment_collection_sessions_payment_collection_id"
  on payment_collection_sessions (payment_collection_id);
create index "IDX_payment_collection_sessions_payment_session_id"
  on payment_collection_sessions (payment_session_id);

create type refund_reason_enum as enum ('discount', 'return', 'swap', 'claim', 'other');

create table refund (
  id varchar not null,
  order_id varchar,
  amount integer not null,
  note varchar,
  reason refund_reason_enum not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  idempotency_key varchar,
  payment_id varchar,
  constraint "PK_f1cefa2e60d99b206c46c1116e5" primary key (id)
);
create index "IDX_eec9d9af4ca098e19ea6b499ea" on refund (order_id);
create index "IDX_refund_payment_id" on refund (payment_id);
`;
