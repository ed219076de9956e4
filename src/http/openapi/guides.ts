import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";

/**
 * Returns the guides that the API document begins with, as Markdown: one chapter for each file of
 * `guides/`, in the order of their names. Their samples call the server at this URL.
 */
export function readGuides(publicUrl: string): string {
  const folder = join(projectRoot(), "src/http/openapi/guides");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
    .join("\n\n")
    .replaceAll("http://localhost:9000", publicUrl);
}
