import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/project-root.ts";
import { shopsDocument } from "./document.ts";
import { makeCollection } from "./make-collection.ts";

/** Writes docs/postman.json anew: `npm run postman`. */
const file = join(projectRoot(), "docs/postman.json");
writeFileSync(file, `${JSON.stringify(await makeCollection(await shopsDocument()), null, 2)}\n`);
console.log(`Written: ${file}`);
process.exit(0);
