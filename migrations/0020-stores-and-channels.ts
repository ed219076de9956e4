import type { Knex } from "knex";

/** Creates the store, its sales channels and their publishable keys. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create table sales_channel (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  name varchar not null,
  description varchar,
  is_disabled boolean not null default false,
  metadata jsonb,
  constraint "PK_d1eb0b923ea5a0eb1e0916191f1" primary key (id)
);

create table sales_channel_location (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  sales_channel_id text not null,
  location_id text not null,
  deleted_at timestamptz,
  constraint "PK_afd2c2c52634bc8280a9c9ee533" primary key (id)
);
create index "IDX_sales_channel_location_location_id" on sales_channel_location (location_id)
  where deleted_at is null;
create index "IDX_sales_channel_location_sales_channel_id"
  on sales_channel_location (sales_channel_id)
  where deleted_at is null;

create table store (
  id varchar not null,
  name varchar not null default 'Medusa Store',
  default_currency_code varchar not null default 'usd',
  swap_link_template varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  payment_link_template varchar,
  invite_link_template varchar,
  default_sales_channel_id varchar,
  default_location_id varchar,
  constraint "PK_f3172007d4de5ae8e7692759d79" primary key (id),
  constraint "UQ_61b0f48cccbb5f41c750bac7286" unique (default_sales_channel_id)
);

create table store_currencies (
  store_id varchar not null,
  currency_code varchar not null,
  constraint "PK_0f2bff3bccc785c320a4df836de" primary key (store_id, currency_code)
);
create index "IDX_82a6bbb0b527c20a0002ddcbd6" on store_currencies (currency_code);
create index "IDX_b4f4b63d1736689b7008980394" on store_currencies (store_id);

create table publishable_api_key (
  id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by varchar,
  revoked_by varchar,
  revoked_at timestamptz,
  title varchar not null,
  constraint "PK_9e613278673a87de92c606b4494" primary key (id)
);

create table publishable_api_key_sales_channel (
  sales_channel_id varchar not null,
  publishable_key_id varchar not null,
  id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint "PK_68eaeb14bdac8954460054c567c" primary key (sales_channel_id, publishable_key_id)
);
create index "IDX_id_publishable_api_key_sales_channel" on publishable_api_key_sales_channel (id);
`;
