import { rebuildSearch } from "../domains/search/rebuild-search.ts";
import { type ProgressLine, progressLine } from "./progress-line.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Rebuilds the product search index, and shows on standard error how far it is.
 * @throws StartupError if the database cannot be used
 */
export async function rebuildSearchIndex({ json }: { readonly json?: true }): Promise<void> {
  await withDatabase(async (knex) => {
    let progress: ProgressLine | undefined;
    const found = await rebuildSearch(knex, ({ done, all }) => {
      progress ??= progressLine("products read", all);
      progress.show(done);
    });
    progress?.end();
    if (json) return console.log(JSON.stringify({ products: found }));
    console.log(`The search index is new: ${found} products can be found`);
  });
}
