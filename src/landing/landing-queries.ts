import type { Knex } from "knex";
import type { CheckoutIds, ShownStock } from "./landing-facts.ts";

/** How many products the page shows. */
const SHOWN = 8;
/** How many variants of a kind the page names. */
const NAMED = 4;

async function read<Row>(knex: Knex, sql: string, values: readonly string[] = []): Promise<Row[]> {
  return (await knex.raw<{ rows: Row[] }>(sql, [...values])).rows;
}

/** What is counted for the page, and the database's version. */
export interface CountedRows {
  readonly version: string;
  readonly products: number;
  readonly regions: number;
}

/** Counts what is sold, and reads PostgreSQL's version. */
export async function countRows(knex: Knex): Promise<CountedRows> {
  const [counted] = await read<CountedRows>(
    knex,
    `select current_setting('server_version') as version,
      (select count(*)::int from product where status = 'published' and deleted_at is null)
        as products,
      (select count(*)::int from region where deleted_at is null) as regions`,
  );
  if (!counted) throw new Error("PostgreSQL answers one row to a select without a table");
  return counted;
}

/** A product with its prices in euros, in cents; `sale` is null without a sale. */
export interface PricedProduct {
  readonly title: string;
  readonly subtitle: string;
  readonly file: string;
  readonly lowest: number;
  readonly highest: number;
  readonly sale: number | null;
}

/** Reads products of the demo shop that have their own picture, the newest first. */
export function findShownProducts(knex: Knex): Promise<PricedProduct[]> {
  return read(
    knex,
    `select p.title, coalesce(p.subtitle, '') as subtitle,
      substring(p.thumbnail from '[a-z0-9-]+[.]webp$') as file,
      min(m.amount) filter (where m.price_list_id is null) as lowest,
      max(m.amount) filter (where m.price_list_id is null) as highest,
      min(m.amount) filter (where l.type = 'sale' and l.status = 'active') as sale
    from product p
    join product_variant v on v.product_id = p.id and v.deleted_at is null
    join product_variant_money_amount x on x.variant_id = v.id
    join money_amount m on m.id = x.money_amount_id and m.currency_code = 'eur'
    left join price_list l on l.id = m.price_list_id and l.deleted_at is null
    where p.status = 'published' and p.deleted_at is null and not p.is_giftcard
      and p.thumbnail ~ '/demo/pictures/[a-z0-9-]+[.]webp$'
    group by p.id having count(*) filter (where m.price_list_id is null) > 0
    order by p.created_at desc limit ${SHOWN}`,
  );
}

/** A discount with its rule and where it is valid. */
export interface ReadCode {
  readonly code: string;
  readonly description: string;
  readonly regions: readonly string[];
  readonly products: readonly string[];
  /** How often it can still be used; null without a limit. */
  readonly left: number | null;
  readonly isValid: boolean;
}

/** Reads the discounts, those that are valid first. */
export function findCodes(knex: Knex): Promise<ReadCode[]> {
  return read(
    knex,
    `select d.code, coalesce(r.description, '') as description,
      array(select g.name::text from discount_regions dr join region g on g.id = dr.region_id
        where dr.discount_id = d.id order by g.created_at, g.name) as regions,
      array(select p.title::text from discount_condition c
        join discount_condition_product cp on cp.condition_id = c.id
        join product p on p.id = cp.product_id
        where c.discount_rule_id = r.id order by 1) as products,
      d.usage_limit - d.usage_count as left,
      not d.is_disabled and (d.ends_at is null or d.ends_at > now())
        and (d.usage_limit is null or d.usage_count < d.usage_limit) as "isValid"
    from discount d join discount_rule r on r.id = d.rule_id
    where d.deleted_at is null and d.parent_discount_id is null
    order by "isValid" desc, d.starts_at, d.code limit 20`,
  );
}

/** Reads what is left on a gift card. */
export async function findGiftCard(
  knex: Knex,
  code: string,
): Promise<{ balance: number; currency: string } | undefined> {
  const [card] = await read<{ balance: number; currency: string }>(
    knex,
    `select c.balance, g.currency_code as currency from gift_card c
      join region g on g.id = c.region_id
      where c.code = ? and not c.is_disabled and c.deleted_at is null`,
    [code],
  );
  return card;
}

/** Reads variants without stock, which are sold on backorder or not at all. */
export function findStock(knex: Knex, isOnBackorder: boolean): Promise<ShownStock[]> {
  const condition = isOnBackorder
    ? "v.allow_backorder"
    : "not v.allow_backorder and v.inventory_quantity <= 0";
  return read(
    knex,
    `select v.sku, p.title, v.title as variant
    from product_variant v join product p on p.id = v.product_id
    where v.manage_inventory and v.sku is not null and v.deleted_at is null
      and p.deleted_at is null and p.status = 'published'
      and ${condition}
    order by p.created_at desc, v.variant_rank limit ${NAMED}`,
  );
}

/** An order with what has become of it. */
export interface ReadOrder {
  readonly number: number;
  readonly currency: string;
  readonly paid: number;
  readonly shipment: string;
  readonly returned: string | null;
  readonly swapped: boolean;
  readonly edit: string | null;
}

/** Reads the last orders of a customer. `paid` is in the currency's smallest unit. */
export function findOrders(knex: Knex, email: string): Promise<ReadOrder[]> {
  return read(
    knex,
    `select o.display_id as number, o.currency_code as currency,
      o.fulfillment_status as shipment,
      (select coalesce(sum(p.amount), 0)::int from payment p where p.order_id = o.id) as paid,
      (select min(r.status::text) from return r where r.order_id = o.id) as returned,
      exists (select from swap s where s.order_id = o.id and s.canceled_at is null) as swapped,
      (select min(e.id) from order_edit e where e.order_id = o.id and e.requested_at is not null
        and e.confirmed_at is null and e.declined_at is null and e.canceled_at is null) as edit
    from "order" o join customer c on c.id = o.customer_id
    where c.email = ? and c.has_account and o.canceled_at is null
    order by o.created_at desc, o.display_id desc limit 8`,
    [email],
  );
}

/** Reads what the lines of an order need: a European region, and goods that are in stock there. */
export async function findCheckoutIds(knex: Knex): Promise<CheckoutIds | undefined> {
  const [found] = await read<CheckoutIds>(
    knex,
    `select g.id as region, v.id as variant, s.id as "shippingOption"
    from region g
    join country n on n.region_id = g.id and n.iso_2 = 'nl'
    join shipping_option s on s.region_id = g.id and not s.is_return and not s.admin_only
      and s.deleted_at is null and s.amount > 0
    join shipping_profile f on f.id = s.profile_id and f.type = 'default'
    cross join lateral (
      select v.id from product_variant v join product p on p.id = v.product_id
      where v.inventory_quantity > 5 and v.deleted_at is null and p.status = 'published'
        and p.deleted_at is null and not p.is_giftcard
      order by p.created_at desc, v.variant_rank limit 1
    ) v
    where g.deleted_at is null order by s.amount limit 1`,
  );
  return found;
}
