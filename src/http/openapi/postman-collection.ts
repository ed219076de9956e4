import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";

interface Collection {
  readonly variable: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Returns the Postman collection of the Store API as JSON, for the server at this URL. `npm run
 * postman` generates the file.
 */
export function postmanCollection(publicUrl: string): string {
  const { variable, ...rest }: Collection = JSON.parse(
    readFileSync(join(projectRoot(), "docs", "postman.json"), "utf8"),
  );
  const variables = variable.map((one) =>
    one.key === "baseUrl" ? { ...one, value: publicUrl } : one,
  );
  return JSON.stringify({ ...rest, variable: variables });
}
