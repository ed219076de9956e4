import type { Knex } from "knex";

/**
 * Fills the index of the product search, in short transactions that only read Medusa's tables. An
 * interrupted run is continued.
 */
export async function up(knex: Knex): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw<{ rows: { taken: number }[] }>(
      "select nettle_search_refresh(500) as taken",
    );
    if (rows[0]?.taken === 0) return;
  }
}
