import { rebuildSearch } from "../domains/search/rebuild-search.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Rebuilds the product search index and prints a line of progress for each batch.
 * @throws StartupError if the database cannot be used
 */
export async function rebuildSearchIndex(): Promise<void> {
  await withDatabase(async (knex) => {
    const found = await rebuildSearch(knex, ({ done, all }) =>
      console.log(`${done} of ${all} products read`),
    );
    console.log(`The search index is new: ${found} products can be found`);
  });
}
