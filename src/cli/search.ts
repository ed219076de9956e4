import { StartupError } from "../core/startup-error.ts";
import { rebuildSearch } from "../domains/search/rebuild-search.ts";
import { withDatabase } from "./with-database.ts";

/**
 * `nettle search rebuild`: makes the index of the product search anew, with a line of progress.
 * @throws StartFailure another word than `rebuild` · the database cannot be used
 */
export async function search(): Promise<void> {
  if (process.argv[3] !== "rebuild")
    throw new StartupError("There is `nettle search rebuild`, which makes the search index anew.");
  await withDatabase(async (knex) => {
    const found = await rebuildSearch(knex, ({ done, all }) =>
      console.log(`${done} of ${all} products read`),
    );
    console.log(`The search index is new: ${found} products can be found`);
  });
}
