import type { Knex } from "knex";

/** Creates prices and price lists. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create type price_list_type_enum as enum ('sale', 'override');
create type price_list_status_enum as enum ('active', 'draft');

create table price_list (
  id varchar not null,
  name varchar not null,
  description varchar not null,
  type price_list_type_enum not null default 'sale',
  status price_list_status_enum not null default 'draft',
  starts_at timestamptz,
  ends_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  includes_tax boolean not null default false,
  constraint "PK_52ea7826468b1c889cb2c28df03" primary key (id)
);

create table money_amount (
  id varchar not null,
  currency_code varchar not null,
  amount integer not null,
  region_id varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  min_quantity integer,
  max_quantity integer,
  price_list_id varchar,
  constraint "PK_022e49a7e21a8dfb820f788778a" primary key (id)
);
create index "IDX_money_amount_currency_code" on money_amount (currency_code);
create index idx_money_amount_region_id on money_amount (region_id);

create table product_variant_money_amount (
  id varchar not null,
  money_amount_id text not null,
  variant_id text not null,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint "PK_product_variant_money_amount" primary key (id)
);
create unique index idx_product_variant_money_amount_money_amount_id_unique
  on product_variant_money_amount (money_amount_id);
create index idx_product_variant_money_amount_variant_id
  on product_variant_money_amount (variant_id);

create table price_list_customer_groups (
  price_list_id varchar not null,
  customer_group_id varchar not null,
  constraint "PK_1afcbe15cc8782dc80c05707df9" primary key (price_list_id, customer_group_id)
);
create index "IDX_52875734e9dd69064f0041f4d9" on price_list_customer_groups (price_list_id);
create index "IDX_c5516f550433c9b1c2630d787a" on price_list_customer_groups (customer_group_id);
`;
