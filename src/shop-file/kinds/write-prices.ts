import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { Names } from "../names.ts";
import type { ListPrice } from "../shop-file-schema.ts";
import { insertRows } from "../write-tables.ts";
import { placeOf } from "./price-place.ts";

interface SavedPrice extends ListPrice {
  readonly id: string;
}

/**
 * Makes `prices` the only prices that a price list has for variants with a SKU: inserts new ones,
 * changes amounts, and deletes what is gone.
 */
export async function writePrices(
  trx: Knex,
  listId: string,
  prices: readonly ListPrice[],
  names: Names,
): Promise<void> {
  const saved = new Map<string, SavedPrice>();
  const gone: string[] = [];
  const wanted = new Map(prices.map((price) => [placeOf(price), price]));
  for (const price of await readPrices(trx, listId)) {
    const place = placeOf(price);
    if (!wanted.has(place) || saved.has(place)) gone.push(price.id);
    else saved.set(place, price);
  }
  await deletePrices(trx, gone);
  for (const [place, { id, amount }] of saved) {
    const after = wanted.get(place)?.amount;
    if (after !== amount)
      await trx("money_amount").where({ id }).update({ amount: after, updated_at: trx.fn.now() });
  }
  const added = [...wanted].filter(([place]) => !saved.has(place)).map(([, price]) => price);
  await insertPrices(trx, listId, added, names);
}

function readPrices(trx: Knex, listId: string): Promise<SavedPrice[]> {
  return query(
    trx,
    sql`select m.id, v.sku, m.amount, r.name as region, m.min_quantity, m.max_quantity,
        case when r.id is null then m.currency_code end as currency
      from money_amount m
      join product_variant_money_amount k on k.money_amount_id = m.id and k.deleted_at is null
      join product_variant v on v.id = k.variant_id and v.deleted_at is null
      left join region r on r.id = m.region_id
      where m.price_list_id = ${listId} and m.deleted_at is null and v.sku is not null
      order by m.id`,
  );
}

async function deletePrices(trx: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(
    trx,
    sql`delete from product_variant_money_amount where money_amount_id = any(${ids})`,
  );
  await query(trx, sql`delete from money_amount where id = any(${ids})`);
}

async function insertPrices(
  trx: Knex,
  price_list_id: string,
  prices: readonly ListPrice[],
  names: Names,
): Promise<void> {
  const currencies = new Map<string, string>(
    (await trx("region").select("id", "currency_code")).map((row) => [row.id, row.currency_code]),
  );
  const rows = prices.map((price) => {
    const region_id = price.region ? names.id("region", price.region) : null;
    return {
      variant_id: names.id("variant", price.sku),
      amount: {
        id: newId("ma"),
        currency_code: price.currency ?? currencies.get(region_id ?? ""),
        amount: price.amount,
        region_id,
        price_list_id,
        min_quantity: price.min_quantity ?? null,
        max_quantity: price.max_quantity ?? null,
      },
    };
  });
  await insertRows(
    trx,
    "money_amount",
    rows.map(({ amount }) => amount),
  );
  const links = rows.map(({ variant_id, amount }) => ({
    id: newId("pvma_"),
    money_amount_id: amount.id,
    variant_id,
  }));
  await insertRows(trx, "product_variant_money_amount", links);
}
