import { createReadStream } from "node:fs";
import { createInterface } from "node:readline/promises";

/** `GET /store/products?limit=3 HTTP/1.1`, as servers log it, or a path alone. */
const REQUEST = /(?:\b(?<method>[A-Z]{3,7}) )?(?<path>\/store\/[^\s"']*)/;

/**
 * Returns the different reads of the Store API in an access log, or in a list of paths, in the
 * order in which they appear, at most `limit`.
 * @throws Error if the file cannot be read
 */
export async function pathsOfALog(file: string, limit: number): Promise<string[]> {
  const paths = new Set<string>();
  const input = createReadStream(file, "utf8");
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { method = "GET", path } = REQUEST.exec(line)?.groups ?? {};
    if (path && method === "GET") paths.add(path);
    if (paths.size >= limit) break;
  }
  return [...paths];
}
