import type { Knex } from "knex";

/** Creates returns with their reasons, swaps and claims. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create table return_reason (
  id varchar not null,
  value varchar not null,
  label varchar not null,
  description varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  parent_return_reason_id varchar,
  constraint "PK_95fd1172973165790903e65660a" primary key (id)
);
create unique index "IDX_return_reason_value" on return_reason (value) where deleted_at is null;

create type return_status_enum as enum ('requested', 'received', 'requires_action', 'canceled');

create table return (
  id varchar not null,
  status return_status_enum not null default 'requested',
  swap_id varchar,
  order_id varchar,
  shipping_data jsonb,
  refund_amount integer not null,
  received_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  idempotency_key varchar,
  claim_order_id varchar,
  no_notification boolean,
  location_id varchar,
  constraint "PK_c8ad68d13e76d75d803b5aeebc4" primary key (id),
  constraint "REL_bad82d7bff2b08b87094bfac3d" unique (swap_id),
  constraint "UQ_71773d56eb2bacb922bc3283398" unique (claim_order_id)
);
create index "IDX_71773d56eb2bacb922bc328339" on return (claim_order_id);
create index "IDX_bad82d7bff2b08b87094bfac3d" on return (swap_id);
create index "IDX_d4bd17f918fc6c332b74a368c3" on return (order_id);

create table return_item (
  return_id varchar not null,
  item_id varchar not null,
  quantity integer not null,
  is_requested boolean not null default true,
  requested_quantity integer,
  received_quantity integer,
  metadata jsonb,
  reason_id varchar,
  note varchar,
  constraint "PK_46409dc1dd5f38509b9000c3069" primary key (return_id, item_id)
);

create type swap_fulfillment_status_enum as enum (
  'not_fulfilled',
  'fulfilled',
  'shipped',
  'partially_shipped',
  'canceled',
  'requires_action'
);
create type swap_payment_status_enum as enum (
  'not_paid',
  'awaiting',
  'captured',
  'confirmed',
  'canceled',
  'difference_refunded',
  'partially_refunded',
  'refunded',
  'requires_action'
);

create table swap (
  id varchar not null,
  fulfillment_status swap_fulfillment_status_enum not null,
  payment_status swap_payment_status_enum not null,
  order_id varchar not null,
  difference_due integer,
  shipping_address_id varchar,
  cart_id varchar,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  idempotency_key varchar,
  no_notification boolean,
  canceled_at timestamptz,
  allow_backorder boolean not null default false,
  constraint "PK_4a10d0f359339acef77e7f986d9" primary key (id),
  constraint "REL_402e8182bc553e082f6380020b" unique (cart_id)
);
create index "IDX_52dd74e8c989aa5665ad2852b8" on swap (order_id);

create type claim_order_payment_status_enum as enum ('na', 'not_refunded', 'refunded');
create type claim_order_fulfillment_status_enum as enum (
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
create type claim_order_type_enum as enum ('refund', 'replace');

create table claim_order (
  id varchar not null,
  payment_status claim_order_payment_status_enum not null default 'na',
  fulfillment_status claim_order_fulfillment_status_enum not null default 'not_fulfilled',
  type claim_order_type_enum not null,
  order_id varchar not null,
  shipping_address_id varchar,
  refund_amount integer,
  canceled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  idempotency_key varchar,
  no_notification boolean,
  constraint "PK_8981f5595a4424021466aa4c7a4" primary key (id)
);
create index "IDX_017d58bf8260c6e1a2588d258e" on claim_order (shipping_address_id);
create index "IDX_f49e3974465d3c3a33d449d3f3" on claim_order (order_id);

create type claim_item_reason_enum as enum
  ('missing_item', 'wrong_item', 'production_failure', 'other');

create table claim_item (
  id varchar not null,
  claim_order_id varchar not null,
  item_id varchar not null,
  variant_id varchar not null,
  reason claim_item_reason_enum not null,
  note varchar,
  quantity integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  constraint "PK_5679662039bc4c7c6bc7fa1be2d" primary key (id)
);
create index "IDX_64980511ca32c8e92b417644af" on claim_item (variant_id);
create index "IDX_6e0cad0daef76bb642675910b9" on claim_item (item_id);
create index "IDX_900a9c3834257304396b2b0fe7" on claim_item (claim_order_id);

create table claim_image (
  id varchar not null,
  claim_item_id varchar not null,
  url varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  constraint "PK_7c49e44bfe8840ca7d917890101" primary key (id)
);
create index "IDX_21cbfedd83d736d86f4c6f4ce5" on claim_image (claim_item_id);

create table claim_tag (
  id varchar not null,
  value varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  constraint "PK_7761180541142a5926501018d34" primary key (id)
);
create index "IDX_ec10c54769877840c132260e4a" on claim_tag (value);

create table claim_item_tags (
  item_id varchar not null,
  tag_id varchar not null,
  constraint "PK_54ab8ce0f7e99167068188fbd81" primary key (item_id, tag_id)
);
create index "IDX_c2c0f3edf39515bd15432afe6e" on claim_item_tags (item_id);
create index "IDX_dc9bbf9fcb9ba458d25d512811" on claim_item_tags (tag_id);
`;
