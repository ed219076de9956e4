import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";

interface Collection {
  readonly variable: readonly { readonly key: string; readonly value: string }[];
}

/**
 * The Postman collection of the Store API as JSON, for the server at this address. `npm run
 * postman` makes the file.
 */
export function postmanCollection(publicUrl: string): string {
  const { variable, ...rest }: Collection = JSON.parse(
    readFileSync(join(projectRoot(), "docs", "postman.json"), "utf8"),
  );
  const settled = variable.map((one) =>
    one.key === "baseUrl" ? { ...one, value: publicUrl } : one,
  );
  return JSON.stringify({ ...rest, variable: settled });
}
