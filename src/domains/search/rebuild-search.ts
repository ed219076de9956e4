import type { Knex } from "knex";
import { refreshProducts } from "./search-queries.ts";

/** Products read anew between two reports of progress. */
const BATCH_SIZE = 500;

/** How far a rebuild is, in products. */
export interface RebuildProgress {
  readonly done: number;
  readonly all: number;
}

/**
 * Makes the index of the product search anew: everything that is in it, and the words that are
 * known. Searches go on meanwhile, on the old index at first. Gives the number of products that can
 * be found.
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
  const [found] = await knex("nettle_product_search").count<{ count: string }[]>();
  return Number(found?.count ?? 0);
}

/** Those that are read: all that are there, and all that the index still holds. */
async function countProducts(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { count: number }[] }>(
    "select count(*)::int as count from (select id from product union select product_id from nettle_product_search) listed",
  );
  return rows[0]?.count ?? 0;
}
