/*
 * Prints the facts of a database that Medusa itself migrated:
 *
 *   npx esbuild test/schema/write-facts.ts --bundle --packages=external --platform=node \
 *     --format=esm | node --input-type=module - postgres://localhost/shop \
 *     > test/schema/medusa-1.20.11.json
 */
import knexOf from "knex";
import { readFacts } from "./read-facts.ts";

const url = process.argv[2];
if (!url) throw new Error("Give the database's URL");
const knex = knexOf({ client: "pg", connection: url });
console.log(JSON.stringify(await readFacts(knex), null, 2));
await knex.destroy();
