import { query, sql } from "../../database/sql.ts";
import { type Kind, nameInRegion, referencesIn, referenceTo } from "../kind.ts";
import { replaceLinks, saveRow } from "../write-tables.ts";

const defaults = {
  products: [] as string[],
  product_types: [] as string[],
  shipping_options: [] as string[],
};

const linked = (table: string, to: string) => ({ table, from: "rate_id", to });

/** The tax rates beside the rate of a region, by region and name, or by region and code. */
export const taxRates: Kind<"tax_rates", typeof defaults> = {
  section: "tax_rates",
  noun: "tax rate",
  identity: ["name", "region"],
  defaults,
  keyOf: nameInRegion,
  labelOf: ({ name, region }) => `"${name}" in "${region}"`,
  alike: (entry, existing) =>
    entry.region === existing.region && typeof entry.code === "string"
      ? entry.code === existing.code
      : false,
  read: (trx) =>
    query(
      trx,
      sql`select t.id, json_strip_nulls(json_build_object('region', r.name, 'name', t.name,
          'rate', t.rate, 'code', t.code,
          'products', array(select p.handle from product_tax_rate l
            join product p on p.id = l.product_id and p.deleted_at is null
            where l.rate_id = t.id order by p.handle),
          'product_types', array(select p.value from product_type_tax_rate l
            join product_type p on p.id = l.product_type_id and p.deleted_at is null
            where l.rate_id = t.id order by p.value),
          'shipping_options', array(select o.name from shipping_tax_rate l
            join shipping_option o on o.id = l.shipping_option_id and o.deleted_at is null
            where l.rate_id = t.id order by o.name))) as entry
        from tax_rate t join region r on r.id = t.region_id and r.deleted_at is null
        order by t.created_at, t.id`,
    ),
  references: ({ region, products, product_types, shipping_options }) => [
    ...referenceTo("region", region, "region"),
    ...referencesIn("product", products, "products"),
    ...referencesIn("product type", product_types, "product_types"),
    ...(shipping_options ?? []).map((name, index) => ({
      noun: "shipping option" as const,
      name: nameInRegion({ region, name }),
      path: ["shipping_options", index],
    })),
  ],
  write: async (trx, { id, entry }, names) => {
    const { region, name, rate, code, products, product_types, shipping_options } = entry;
    const saved = await saveRow(
      trx,
      "tax_rate",
      { prefix: "txr", id },
      { region_id: names.id("region", region), name, rate, code: code ?? null },
    );
    const ids = {
      products: products.map((handle) => names.id("product", handle)),
      types: product_types.map((value) => names.id("product type", value)),
      options: shipping_options.map((option) =>
        names.id("shipping option", nameInRegion({ region, name: option })),
      ),
    };
    await replaceLinks(trx, linked("product_tax_rate", "product_id"), saved, ids.products);
    await replaceLinks(trx, linked("product_type_tax_rate", "product_type_id"), saved, ids.types);
    await replaceLinks(trx, linked("shipping_tax_rate", "shipping_option_id"), saved, ids.options);
    return saved;
  },
};
