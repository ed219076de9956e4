import { query, sql } from "../../database/sql.ts";
import { type Kind, type Refusal, referencesIn, referenceTo } from "../kind.ts";
import type { Entry, ListPrice } from "../shop-file-schema.ts";
import { replaceLinks, saveRow } from "../write-tables.ts";
import { isoTimeOf } from "./iso-time-of.ts";
import { placeOf } from "./price-place.ts";
import { writePrices } from "./write-prices.ts";

const defaults = {
  description: "",
  status: "active" as const,
  includes_tax: false,
  customer_groups: [] as string[],
  prices: [] as ListPrice[],
};

const groupLinks = {
  table: "price_list_customer_groups",
  from: "price_list_id",
  to: "customer_group_id",
};

/** The price lists, by name. Prices are read only for the lists that are asked for. */
export const priceLists: Kind<"price_lists", typeof defaults> = {
  section: "price_lists",
  noun: "price list",
  identity: ["name"],
  defaults,
  keyOf: ({ name }) => name,
  labelOf: ({ name }) => `"${name}"`,
  read: (trx, keys) =>
    query(
      trx,
      sql`select l.id, json_strip_nulls(json_build_object('name', l.name,
          'description', l.description, 'type', l.type, 'status', l.status,
          'starts_at', ${isoTimeOf("l.starts_at")}, 'ends_at', ${isoTimeOf("l.ends_at")},
          'includes_tax', l.includes_tax,
          'customer_groups', array(select g.name from price_list_customer_groups c
            join customer_group g on g.id = c.customer_group_id and g.deleted_at is null
            where c.price_list_id = l.id order by g.name),
          'prices', case when l.name = any(coalesce(${keys ?? null}::text[], array[l.name]))
            then (select coalesce(json_agg(json_build_object('sku', v.sku, 'amount', m.amount,
                'currency', case when r.id is null then m.currency_code end, 'region', r.name,
                'min_quantity', m.min_quantity, 'max_quantity', m.max_quantity)
                order by v.sku, m.currency_code, m.min_quantity, m.id), '[]')
              from money_amount m
              join product_variant_money_amount k
                on k.money_amount_id = m.id and k.deleted_at is null
              join product_variant v on v.id = k.variant_id and v.deleted_at is null
              left join region r on r.id = m.region_id
              where m.price_list_id = l.id and m.deleted_at is null and v.sku is not null)
            else '[]' end)) as entry
        from price_list l where l.deleted_at is null order by l.created_at, l.id`,
    ),
  references: ({ customer_groups, prices }) => [
    ...referencesIn("customer group", customer_groups, "customer_groups"),
    ...(prices ?? []).flatMap(({ sku, currency, region }, index) => [
      ...referenceTo("variant", sku, "prices", index, "sku"),
      ...referenceTo("currency", currency, "prices", index, "currency"),
      ...referenceTo("region", region, "prices", index, "region"),
    ]),
  ],
  refusals: ({ starts_at, ends_at, prices }) => [
    ...(starts_at && ends_at && starts_at >= ends_at
      ? [{ path: ["ends_at"], message: "it ends before it starts" }]
      : []),
    ...repeatedPrices(prices ?? []),
  ],
  write: async (trx, { id, entry }, names) => {
    const saved = await saveRow(trx, "price_list", { prefix: "pl", id }, columnsOf(entry));
    const groups = entry.customer_groups.map((name) => names.id("customer group", name));
    await replaceLinks(trx, groupLinks, saved, groups);
    await writePrices(trx, saved, entry.prices, names);
    return saved;
  },
};

function columnsOf(entry: Entry<"price_lists"> & typeof defaults): Record<string, unknown> {
  const { name, description, type, status, includes_tax, starts_at, ends_at } = entry;
  const times = { starts_at: starts_at ?? null, ends_at: ends_at ?? null };
  return { name, description, type, status, includes_tax, ...times };
}

function repeatedPrices(prices: readonly ListPrice[]): Refusal[] {
  const places = new Set<string>();
  return prices.flatMap((price, index) => {
    const place = placeOf(price);
    const isRepeated = places.has(place);
    places.add(place);
    return isRepeated
      ? [{ path: ["prices", index], message: `${price.sku} has this price twice` }]
      : [];
  });
}
