import type { Knex } from "knex";
import { refreshProducts } from "./search-queries.ts";

/** Products indexed between two progress reports. */
const BATCH_SIZE = 500;

/** The progress of a rebuild, in products. */
export interface RebuildProgress {
  readonly done: number;
  readonly all: number;
}

/**
 * Rebuilds the index of the product search, including its known words. Searches continue meanwhile,
 * at first on the old index. Returns the number of products in the index.
 */
export async function rebuildSearch(
  knex: Knex,
  onProgress: (progress: RebuildProgress) => void,
): Promise<number> {
  await knex.raw("select nettle_search_index_words()");
  await knex("nettle_search_word").del();
  await knex("nettle_product_search_due").insert({ kind: "all" });
  const all = await countProducts(knex);
  let done = 0;
  for (
    let read = await refreshProducts(knex, BATCH_SIZE);
    read > 0;
    read = await refreshProducts(knex, BATCH_SIZE)
  ) {
    done += read;
    onProgress({ done, all: Math.max(all, done) });
  }
  const [indexed] = await knex("nettle_product_search").count<{ count: string }[]>();
  return Number(indexed?.count ?? 0);
}

/** Counts the products to index: all that exist, and all that the index still holds. */
async function countProducts(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from
      (select id from product union select product_id from nettle_product_search) listed`,
  );
  return rows[0]?.count ?? 0;
}
