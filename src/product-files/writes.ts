import { saveRows, type TableMapping, type WrittenRow } from "../database/save-rows.ts";
import { execute, raw, sql } from "../database/sql.ts";
import type { Transaction } from "../database/transaction.ts";
import { keepPlans } from "./lock-products.ts";
import { productFields, variantFields } from "./product-fields.ts";
import type { NewReference, ReferenceKind } from "./references.ts";

/** A row to write, with the values of its columns. */
export type Row = WrittenRow & Readonly<Record<string, unknown>>;

/** Rows of a table to write. */
export interface TableWrites {
  readonly added: Row[];
  readonly changed: Row[];
  readonly removed: string[];
}

const TABLES = {
  product: table("product", ["handle", ...Object.keys(productFields), "collection_id", "type_id"]),
  product_variant: table("product_variant", Object.keys(variantFields), ["product_id"]),
  product_option: table("product_option", [], ["title", "product_id"]),
  product_option_value: table("product_option_value", ["value"], ["option_id", "variant_id"]),
  money_amount: table("money_amount", ["amount"], ["currency_code", "region_id"]),
  product_variant_money_amount: table(
    "product_variant_money_amount",
    [],
    ["variant_id", "money_amount_id"],
  ),
  image: table("image", [], ["url"]),
} as const satisfies Readonly<Record<string, TableMapping>>;

/** The tables whose rows an import writes, in the order in which they are written. */
export type TableName = keyof typeof TABLES;

/** The tables that tie a product to other rows, and their columns for those. */
const LINKS = {
  product_images: "image_id",
  product_tags: "product_tag_id",
  product_sales_channel: "sales_channel_id",
  product_category_product: "product_category_id",
  product_shipping_profile: "profile_id",
} as const;

/** A table that ties a product to other rows. */
export type LinkTable = keyof typeof LINKS;

/** A tie of a product to another row. */
export interface Link {
  readonly productId: string;
  readonly otherId: string;
}

const REFERENCES: Readonly<Record<ReferenceKind, TableMapping>> = {
  collection: table("product_collection", [], ["handle", "title"]),
  type: table("product_type", [], ["value"]),
  tag: table("product_tag", [], ["value"]),
  channel: table("sales_channel", [], ["name", "description"]),
  category: table(
    "product_category",
    [],
    ["handle", "name", "description", "is_active", "is_internal", "rank", "mpath"],
  ),
};

function table(name: string, changed: readonly string[], fixed: readonly string[] = []) {
  return { name, changed, inserted: [...fixed, ...changed], hasUpdatedAt: true };
}

/** What an import writes for its products, all of it in one transaction. */
export class Writes {
  readonly #rows = new Map<TableName, TableWrites>();
  readonly #links = new Map<LinkTable, { added: Link[]; removed: Link[] }>();

  /** The rows of a table that are to be written. */
  in(name: TableName): TableWrites {
    const rows = this.#rows.get(name) ?? { added: [], changed: [], removed: [] };
    this.#rows.set(name, rows);
    return rows;
  }

  /** The ties in a table that are to be written. */
  links(name: LinkTable): { added: Link[]; removed: Link[] } {
    const links = this.#links.get(name) ?? { added: [], removed: [] };
    this.#links.set(name, links);
    return links;
  }

  /** Whether nothing is to be written. */
  get isEmpty(): boolean {
    return [...this.#rows.values(), ...this.#links.values()].every((each) =>
      Object.values(each).every((rows) => rows.length === 0),
    );
  }

  /** Adds what others write. */
  addAll(others: readonly Writes[]): void {
    for (const other of others) {
      for (const [name, { added, changed, removed }] of other.#rows) {
        const rows = this.in(name);
        rows.added.push(...added);
        rows.changed.push(...changed);
        rows.removed.push(...removed);
      }
      for (const [name, { added, removed }] of other.#links) {
        this.links(name).added.push(...added);
        this.links(name).removed.push(...removed);
      }
    }
  }

  /** Sends everything ahead, behind the rows that the products refer to. */
  send(trx: Transaction, references: readonly NewReference[]): void {
    const links = Object.keys(LINKS) as LinkTable[];
    for (const name of links) removeLinks(trx, name, this.links(name).removed);
    keepPlans(trx);
    for (const kind of Object.keys(REFERENCES) as ReferenceKind[]) {
      const added = references.filter((each) => each.kind === kind).map(referenceRow);
      saveRows(trx, REFERENCES[kind], { added, changed: [], removed: [] });
    }
    // The ties of prices go first, since a price is removed with its tie.
    const removed = this.in("product_variant_money_amount").removed;
    saveRows(trx, TABLES.product_variant_money_amount, { added: [], changed: [], removed });
    for (const name of Object.keys(TABLES) as TableName[]) {
      const rows = this.in(name);
      const alreadyRemoved = name === "product_variant_money_amount";
      saveRows(trx, TABLES[name], alreadyRemoved ? { ...rows, removed: [] } : rows);
    }
    for (const name of links) addLinks(trx, name, this.links(name).added);
  }
}

function referenceRow({ kind, id, columns }: NewReference): Row {
  return { ...columns, ...(kind === "category" && { mpath: `${id}.` }), id };
}

const pairsOf = (links: readonly Link[]) =>
  sql`unnest(${links.map(({ productId }) => productId)}::text[],
    ${links.map(({ otherId }) => otherId)}::text[]) as r(product_id, other_id)`;

function removeLinks(trx: Transaction, name: LinkTable, removed: readonly Link[]): void {
  if (removed.length === 0) return;
  execute(
    trx,
    sql`delete from ${raw(`"${name}"`)} t using ${pairsOf(removed)}
      where t.product_id = r.product_id and t.${raw(`"${LINKS[name]}"`)} = r.other_id`,
  );
}

function addLinks(trx: Transaction, name: LinkTable, added: readonly Link[]): void {
  if (added.length === 0) return;
  execute(
    trx,
    sql`insert into ${raw(`"${name}"`)} (product_id, ${raw(`"${LINKS[name]}"`)})
      select r.product_id, r.other_id from ${pairsOf(added)} on conflict do nothing`,
  );
}
