import type { Knex } from "knex";

/** Creates orders, draft orders, order edits and fulfillments. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create type draft_order_status_enum as enum ('open', 'completed');

create table draft_order (
  id varchar not null,
  status draft_order_status_enum not null default 'open',
  display_id serial,
  cart_id varchar,
  order_id varchar,
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  metadata jsonb,
  idempotency_key varchar,
  no_notification_order boolean,
  constraint "PK_f478946c183d98f8d88a94cfcd7" primary key (id),
  constraint "REL_5bd11d0e2a9628128e2c26fd0a" unique (cart_id),
  constraint "REL_8f6dd6c49202f1466ebf21e77d" unique (order_id)
);
create index "IDX_5bd11d0e2a9628128e2c26fd0a" on draft_order (cart_id);
create index "IDX_8f6dd6c49202f1466ebf21e77d" on draft_order (order_id);
create index "IDX_e87cc617a22ef4edce5601edab" on draft_order (display_id);

create type order_status_enum as enum
  ('pending', 'completed', 'archived', 'canceled', 'requires_action');
create type order_fulfillment_status_enum as enum (
  'not_fulfilled',
  'partially_fulfilled',
  'fulfilled',
  'partially_shipped',
  'shipped',
  'partially_returned',
  'returned',
  'canceled',
  'requires_action'
);
create type order_payment_status_enum as enum (
  'not_paid',
  'awaiting',
  'captured',
  'partially_refunded',
  'refunded',
  'canceled',
  'requires_action'
);

create table "order" (
  id varchar not null,
  status order_status_enum not null default 'pending',
  fulfillment_status order_fulfillment_status_enum not null default 'not_fulfilled',
  payment_status order_payment_status_enum not null default 'not_paid',
  display_id serial,
  cart_id varchar,
  customer_id varchar not null,
  email varchar not null,
  billing_address_id varchar,
  shipping_address_id varchar,
  region_id varchar not null,
  currency_code varchar not null,
  tax_rate real,
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  idempotency_key varchar,
  draft_order_id varchar,
  no_notification boolean,
  external_id varchar,
  sales_channel_id varchar,
  constraint "PK_1031171c13130102495201e3e20" primary key (id),
  constraint "REL_c99a206eb11ad45f6b7f04f2dc" unique (cart_id),
  constraint "UQ_727b872f86c7378474a8fa46147" unique (draft_order_id)
);
create index "IDX_19b0c6293443d1b464f604c331" on "order" (shipping_address_id);
create index "IDX_5568d3b9ce9f7abeeb37511ecf" on "order" (billing_address_id);
create index "IDX_579e01fb94f4f58db480857e05" on "order" (display_id);
create index "IDX_c99a206eb11ad45f6b7f04f2dc" on "order" (cart_id);
create index "IDX_cd7812c96209c5bdd48a6b858b" on "order" (customer_id);
create index "IDX_e1fcce2b18dbcdbe0a5ba9a68b" on "order" (region_id);
create index "IDX_order_currency_code" on "order" (currency_code);

create table order_discounts (
  order_id varchar not null,
  discount_id varchar not null,
  constraint "PK_a7418714ffceebc125bf6d8fcfe" primary key (order_id, discount_id)
);
create index "IDX_0fc1ec4e3db9001ad60c19daf1" on order_discounts (discount_id);
create index "IDX_e7b488cebe333f449398769b2c" on order_discounts (order_id);

create table order_gift_cards (
  order_id varchar not null,
  gift_card_id varchar not null,
  constraint "PK_49a8ec66a6625d7c2e3526e05b4" primary key (order_id, gift_card_id)
);
create index "IDX_e62ff11e4730bb3adfead979ee" on order_gift_cards (order_id);
create index "IDX_f2bb9f71e95b315eb24b2b84cb" on order_gift_cards (gift_card_id);

create table order_edit (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  order_id varchar not null,
  internal_note varchar,
  created_by varchar not null,
  requested_by varchar,
  requested_at timestamptz,
  confirmed_by varchar,
  confirmed_at timestamptz,
  declined_by varchar,
  declined_reason varchar,
  declined_at timestamptz,
  canceled_by varchar,
  canceled_at timestamptz,
  payment_collection_id varchar,
  constraint "PK_58ab6acf2e84b4e827f5f846f7a" primary key (id)
);
create index "IDX_order_edit_order_id" on order_edit (order_id);
create index "IDX_order_edit_payment_collection_id" on order_edit (payment_collection_id);

create type order_item_change_type_enum as enum ('item_add', 'item_remove', 'item_update');

create table order_item_change (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  type order_item_change_type_enum not null,
  order_edit_id varchar not null,
  original_line_item_id varchar,
  line_item_id varchar,
  constraint "PK_d6eb138f77ffdee83567b85af0c" primary key (id),
  constraint "REL_5f9688929761f7df108b630e64" unique (line_item_id),
  constraint "UQ_5b7a99181e4db2ea821be0b6196" unique (order_edit_id, original_line_item_id),
  constraint "UQ_da93cee3ca0dd50a5246268c2e9" unique (order_edit_id, line_item_id)
);

create table fulfillment (
  id varchar not null,
  swap_id varchar,
  order_id varchar,
  tracking_numbers jsonb not null default '[]',
  data jsonb not null,
  shipped_at timestamptz,
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  idempotency_key varchar,
  provider_id varchar,
  claim_order_id varchar,
  no_notification boolean,
  location_id varchar,
  constraint "PK_50c102da132afffae660585981f" primary key (id)
);
create index "IDX_a52e234f729db789cf473297a5" on fulfillment (swap_id);
create index "IDX_beb35a6de60a6c4f91d5ae57e4" on fulfillment (provider_id);
create index "IDX_d73e55964e0ff2db8f03807d52" on fulfillment (claim_order_id);
create index "IDX_f129acc85e346a10eed12b86fc" on fulfillment (order_id);

create table fulfillment_item (
  fulfillment_id varchar not null,
  item_id varchar not null,
  quantity integer not null,
  constraint "PK_bc3e8a388de75db146a249922e0" primary key (fulfillment_id, item_id)
);

create table tracking_link (
  id varchar not null,
  url varchar,
  tracking_number varchar not null,
  fulfillment_id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  idempotency_key varchar,
  constraint "PK_fcfd77feb9012ec2126d7c0bfb6" primary key (id)
);
`;
