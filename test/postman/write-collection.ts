import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { loadApiDocument } from "./load-api-document.ts";
import { makeCollection } from "./make-collection.ts";

/** Writes docs/postman.json: `npm run postman`. */
const file = join(projectRoot(), "docs/postman.json");
writeFileSync(file, `${JSON.stringify(await makeCollection(await loadApiDocument()), null, 2)}\n`);
console.log(`Written: ${file}`);
process.exit(0);
