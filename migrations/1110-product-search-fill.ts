import type { Knex } from "knex";
import { recentPace } from "../src/core/recent-pace.ts";
import { migrationLog } from "../src/database/migration-log.ts";

const BATCH_SIZE = 500;
/** How often a long fill says how far it is. */
const INTERVAL_MS = 5_000;

/**
 * Fills the index of the product search, in short transactions that only read Medusa's tables. An
 * interrupted run is continued.
 */
export async function up(knex: Knex): Promise<void> {
  const log = migrationLog(knex);
  const pace = recentPace(Date.now());
  let done = 0;
  let saidAt = Date.now();
  for (;;) {
    const { rows } = await knex.raw<{ rows: { taken: number }[] }>(
      `select nettle_search_refresh(${BATCH_SIZE}) as taken`,
    );
    const taken = rows[0]?.taken ?? 0;
    if (taken === 0) return;
    done += taken;
    const now = Date.now();
    if (!log || now - saidAt < INTERVAL_MS) continue;
    saidAt = now;
    const all = done + (await countMarked(knex));
    const left = pace(done, all, now);
    log(`Filling the search index: ${percent(done, all)} % of ${all} products, ${left}`);
  }
}

const percent = (done: number, all: number) => Math.floor((100 * done) / all);

/** Marks of one product stand for it once, but each is counted: the shop may go on meanwhile. */
async function countMarked(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { count: number }[] }>(
    "select count(*)::int as count from nettle_product_search_due",
  );
  return rows[0]?.count ?? 0;
}
