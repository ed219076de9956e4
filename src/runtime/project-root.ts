import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Returns the directory of our package.json, whether the code runs from `src/` or bundled from
 * `dist/`.
 * @throws Error if no directory above the code has a package.json
 */
export function projectRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error("There is no package.json above the running code");
    directory = parent;
  }
  return directory;
}

/**
 * Returns the directory below which the demo shop's data is kept: our own in a checkout, and the
 * working directory where Nettle is installed as a package, whose own directory npm replaces.
 */
export function dataRoot(root = projectRoot(), workingDirectory = process.cwd()): string {
  return root.split(sep).includes("node_modules") ? workingDirectory : root;
}
