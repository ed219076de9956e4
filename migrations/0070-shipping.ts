import type { Knex } from "knex";

/** Creates shipping profiles, options and methods. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create type shipping_profile_type_enum as enum ('default', 'gift_card', 'custom');

create table shipping_profile (
  id varchar not null,
  name varchar not null,
  type shipping_profile_type_enum not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  constraint "PK_c8120e4543a5a3a121f2968a1ec" primary key (id)
);

create type shipping_option_price_type_enum as enum ('flat_rate', 'calculated');

create table shipping_option (
  id varchar not null,
  name varchar not null,
  region_id varchar not null,
  profile_id varchar not null,
  provider_id varchar not null,
  price_type shipping_option_price_type_enum not null,
  amount integer,
  is_return boolean not null default false,
  data jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  admin_only boolean not null default false,
  includes_tax boolean not null default false,
  constraint "PK_2e56fddaa65f3a26d402e5d786e" primary key (id),
  constraint "CHK_7a367f5901ae0a5b0df75aee38" check (amount >= 0)
);
create index "IDX_5c58105f1752fca0f4ce69f466" on shipping_option (region_id);
create index "IDX_a0e206bfaed3cb63c186091734" on shipping_option (provider_id);
create index "IDX_c951439af4c98bf2bd7fb8726c" on shipping_option (profile_id);

create type shipping_option_requirement_type_enum as enum ('min_subtotal', 'max_subtotal');

create table shipping_option_requirement (
  id varchar not null,
  shipping_option_id varchar not null,
  type shipping_option_requirement_type_enum not null,
  amount integer not null,
  deleted_at timestamptz,
  constraint "PK_a0ff15442606d9f783602cb23a7" primary key (id)
);
create index "IDX_012a62ba743e427b5ebe9dee18" on shipping_option_requirement (shipping_option_id);

create table custom_shipping_option (
  id varchar not null,
  price integer not null,
  shipping_option_id varchar not null,
  cart_id varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  constraint "PK_8dfcb5c1172c29eec4a728420cc" primary key (id),
  constraint "UQ_0f838b122a9a01d921aa1cdb669" unique (shipping_option_id, cart_id)
);
create index "IDX_44090cb11b06174cbcc667e91c" on custom_shipping_option (shipping_option_id);
create index "IDX_93caeb1bb70d37c1d36d6701a7" on custom_shipping_option (cart_id);

create table shipping_method (
  id varchar not null,
  shipping_option_id varchar not null,
  order_id varchar,
  cart_id varchar,
  swap_id varchar,
  return_id varchar,
  price integer not null,
  data jsonb not null,
  claim_order_id varchar,
  includes_tax boolean not null default false,
  constraint "PK_b9b0adfad3c6b99229c1e7d4865" primary key (id),
  constraint "REL_1d9ad62038998c3a85c77a53cf" unique (return_id),
  constraint "CHK_64c6812fe7815be30d688df513" check (price >= 0),
  constraint "CHK_a7020b08665bbd64d84a6641cf" check (
    claim_order_id is not null or order_id is not null or cart_id is not null
      or swap_id is not null or return_id is not null
  )
);
create index "IDX_1d9ad62038998c3a85c77a53cf" on shipping_method (return_id);
create index "IDX_5267705a43d547e232535b656c" on shipping_method (order_id);
create index "IDX_d783a66d1c91c0858752c933e6" on shipping_method (claim_order_id);
create index "IDX_d92993a7d554d84571f4eea1d1" on shipping_method (cart_id);
create index "IDX_fb94fa8d5ca940daa2a58139f8" on shipping_method (swap_id);
create index "IDX_fc963e94854bff2714ca84cd19" on shipping_method (shipping_option_id);

create table shipping_method_tax_line (
  id varchar not null,
  rate real not null,
  name varchar not null,
  code varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  shipping_method_id varchar not null,
  constraint "PK_54c94f5908aacbd51cf0a73edb1" primary key (id),
  constraint "UQ_cd147fca71e50bc954139fa3104" unique (shipping_method_id, code)
);
create index "IDX_926ca9f29014af8091722dede0" on shipping_method_tax_line (shipping_method_id);
`;
