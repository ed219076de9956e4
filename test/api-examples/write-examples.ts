import { readFileSync, writeFileSync } from "node:fs";
import { examplesFile } from "../../src/http/openapi/api-examples.ts";
import { normalized } from "./normalized.ts";
import { openDemo } from "./open-demo.ts";
import { recordExamples } from "./record-examples.ts";

/**
 * Writes the examples of the API document: `npm run examples`. It opens a new demo shop, sends each
 * sample to it and stores the answers. If they differ from the file by generated ids and times
 * alone, the file stays as it is.
 */
const demo = await openDemo();
try {
  const recorded = await recordExamples(demo.server.url);
  const file = examplesFile();
  if (normalized(recorded) === normalized(JSON.parse(readFileSync(file, "utf8"))))
    console.log(`Nothing has changed: ${file}`);
  else {
    writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
    console.log(`Written: ${file}`);
  }
} finally {
  await demo.close();
}
