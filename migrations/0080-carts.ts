import type { Knex } from "knex";

/** Creates carts, and the line items of carts, orders, swaps and claims. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
create type cart_type_enum as enum ('default', 'swap', 'draft_order', 'payment_link', 'claim');

create table cart (
  id varchar not null,
  email varchar,
  billing_address_id varchar,
  shipping_address_id varchar,
  region_id varchar not null,
  customer_id varchar,
  payment_id varchar,
  type cart_type_enum not null default 'default',
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  metadata jsonb,
  idempotency_key varchar,
  context jsonb,
  payment_authorized_at timestamptz,
  sales_channel_id varchar,
  constraint "PK_c524ec48751b9b5bcfbf6e59be7" primary key (id),
  constraint "REL_9d1a161434c610aae7c3df2dc7" unique (payment_id)
);
create index "IDX_242205c81c1152fab1b6e84847" on cart (customer_id);
create index "IDX_484c329f4783be4e18e5e2ff09" on cart (region_id);
create index "IDX_6b9c66b5e36f7c827dfaa092f9" on cart (billing_address_id);
create index "IDX_9d1a161434c610aae7c3df2dc7" on cart (payment_id);
create index "IDX_ced15a9a695d2b5db9dabce763" on cart (shipping_address_id);

create table cart_discounts (
  cart_id varchar not null,
  discount_id varchar not null,
  constraint "PK_10bd412c9071ccc0cf555afd9bb" primary key (cart_id, discount_id)
);
create index "IDX_6680319ebe1f46d18f106191d5" on cart_discounts (cart_id);
create index "IDX_8df75ef4f35f217768dc113545" on cart_discounts (discount_id);

create table cart_gift_cards (
  cart_id varchar not null,
  gift_card_id varchar not null,
  constraint "PK_2389be82bf0ef3635e2014c9ef1" primary key (cart_id, gift_card_id)
);
create index "IDX_0fb38b6d167793192bc126d835" on cart_gift_cards (gift_card_id);
create index "IDX_d38047a90f3d42f0be7909e8ae" on cart_gift_cards (cart_id);

create table line_item (
  id varchar not null,
  cart_id varchar,
  order_id varchar,
  swap_id varchar,
  title varchar not null,
  description varchar,
  thumbnail varchar,
  is_giftcard boolean not null default false,
  should_merge boolean not null default true,
  allow_discounts boolean not null default true,
  has_shipping boolean,
  unit_price integer not null,
  variant_id varchar,
  quantity integer not null,
  fulfilled_quantity integer,
  returned_quantity integer,
  shipped_quantity integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  claim_order_id varchar,
  is_return boolean not null default false,
  includes_tax boolean not null default false,
  original_item_id varchar,
  order_edit_id varchar,
  constraint "PK_cce6b13e67fa506d1d9618ac68b" primary key (id),
  constraint "CHK_0cd85e15610d11b553d5e8fda6" check (shipped_quantity <= fulfilled_quantity),
  constraint "CHK_64eef00a5064887634f1680866" check (quantity > 0),
  constraint "CHK_91f40396d847f6ecfd9f752bf8" check (returned_quantity <= quantity),
  constraint "CHK_c61716c68f5ad5de2834c827d3" check (fulfilled_quantity <= quantity)
);
create index "IDX_118e3c48f09a7728f41023c94e" on line_item (claim_order_id);
create index "IDX_27283ee631862266d0f1c68064" on line_item (cart_id);
create index "IDX_3fa354d8d1233ff81097b2fcb6" on line_item (swap_id);
create index "IDX_43a2b24495fe1d9fc2a9c835bc" on line_item (order_id);
create index "IDX_5371cbaa3be5200f373d24e3d5" on line_item (variant_id);
create unique index unique_li_original_item_id_order_edit_id
  on line_item (order_edit_id, original_item_id)
  where original_item_id is not null and order_edit_id is not null;

create table line_item_adjustment (
  id varchar not null,
  item_id varchar not null,
  description varchar not null,
  discount_id varchar,
  amount numeric not null,
  metadata jsonb,
  constraint "PK_2b1360103753df2dc8257c2c8c3" primary key (id)
);
create index "IDX_2f41b20a71f30e60471d7e3769" on line_item_adjustment (discount_id);
create index "IDX_be9aea2ccf3567007b6227da4d" on line_item_adjustment (item_id);
create unique index "IDX_bf701b88d2041392a288785ada" on line_item_adjustment (discount_id, item_id)
  where discount_id is not null;

create table line_item_tax_line (
  id varchar not null,
  rate real not null,
  name varchar not null,
  code varchar,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb,
  item_id varchar not null,
  constraint "PK_4a0f4322fcd5ce4af85727f89a8" primary key (id),
  constraint "UQ_3c2af51043ed7243e7d9775a2ad" unique (item_id, code)
);
create index "IDX_5077fa54b0d037e984385dfe8a" on line_item_tax_line (item_id);
`;
