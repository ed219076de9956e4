import type { Knex } from "knex";

/** Creates currencies, countries, regions with their providers, and tax rates. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create table currency (
  code varchar not null,
  symbol varchar not null,
  symbol_native varchar not null,
  name varchar not null,
  includes_tax boolean not null default false,
  constraint "PK_723472e41cae44beb0763f4039c" primary key (code)
);

create table tax_provider (
  id varchar not null,
  is_installed boolean not null default true,
  constraint "PK_b198bf82ba6a317c11763d99b99" primary key (id)
);

create table region (
  id varchar not null,
  name varchar not null,
  currency_code varchar not null,
  tax_rate real not null,
  tax_code varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  gift_cards_taxable boolean not null default true,
  automatic_taxes boolean not null default true,
  tax_provider_id varchar,
  includes_tax boolean not null default false,
  constraint "PK_5f48ffc3af96bc486f5f3f3a6da" primary key (id)
);
create index "IDX_region_currency_code" on region (currency_code);

create table country (
  id serial,
  iso_2 varchar not null,
  iso_3 varchar not null,
  num_code integer not null,
  name varchar not null,
  display_name varchar not null,
  region_id varchar,
  constraint "PK_bf6e37c231c4f4ea56dcd887269" primary key (id)
);
create index "IDX_b1aac8314662fa6b25569a575b" on country (region_id);
create unique index "IDX_e78901b1131eaf8203d9b1cb5f" on country (iso_2);

create table payment_provider (
  id varchar not null,
  is_installed boolean not null default true,
  constraint "PK_ea94f42b6c88e9191c3649d7522" primary key (id)
);

create table region_payment_providers (
  region_id varchar not null,
  provider_id varchar not null,
  constraint "PK_9fa1e69914d3dd752de6b1da407" primary key (region_id, provider_id)
);
create index "IDX_3a6947180aeec283cd92c59ebb" on region_payment_providers (provider_id);
create index "IDX_8aaa78ba90d3802edac317df86" on region_payment_providers (region_id);

create table fulfillment_provider (
  id varchar not null,
  is_installed boolean not null default true,
  constraint "PK_beb35a6de60a6c4f91d5ae57e44" primary key (id)
);

create table region_fulfillment_providers (
  region_id varchar not null,
  provider_id varchar not null,
  constraint "PK_5b7d928a1fb50d6803868cfab3a" primary key (region_id, provider_id)
);
create index "IDX_37f361c38a18d12a3fa3158d0c" on region_fulfillment_providers (provider_id);
create index "IDX_c556e14eff4d6f03db593df955" on region_fulfillment_providers (region_id);

create table tax_rate (
  id varchar not null,
  rate real,
  code varchar,
  name varchar not null,
  region_id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  constraint "PK_23b71b53f650c0b39e99ccef4fd" primary key (id)
);

create table product_tax_rate (
  product_id varchar not null,
  rate_id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  constraint "PK_326257ce468df46cd5c8c5922e9" primary key (product_id, rate_id)
);
create index "IDX_1d04aebeabb6a89f87e536a124" on product_tax_rate (product_id);
create index "IDX_2484cf14c437a04586b07e7ddd" on product_tax_rate (rate_id);

create table product_type_tax_rate (
  product_type_id varchar not null,
  rate_id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  constraint "PK_ddc9242de1d99bc7674969289f0" primary key (product_type_id, rate_id)
);
create index "IDX_25a3138bb236f63d9bb6c8ff11" on product_type_tax_rate (product_type_id);
create index "IDX_ece65a774192b34253abc4cd67" on product_type_tax_rate (rate_id);

create table shipping_tax_rate (
  shipping_option_id varchar not null,
  rate_id varchar not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  constraint "PK_bcd93b14d7e2695365d383f5eae" primary key (shipping_option_id, rate_id)
);
create index "IDX_346e0016cf045b998074774764" on shipping_tax_rate (rate_id);
create index "IDX_f672727ab020df6c50fb64c1a7" on shipping_tax_rate (shipping_option_id);
`;
