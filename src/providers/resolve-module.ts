import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Returns the URL of a module: of a file (`./my-tax.js`, `/opt/tax.js`) or a package, resolved from
 * a directory. Undefined if it does not exist.
 */
export function resolveModule(name: string, directory: string): string | undefined {
  const file = /^\.{0,2}\//.test(name) ? resolve(directory, name) : fileOfPackage(name, directory);
  return file && existsSync(file) ? pathToFileURL(file).href : undefined;
}

function fileOfPackage(name: string, directory: string): string | undefined {
  try {
    return createRequire(join(directory, "package.json")).resolve(name);
  } catch {
    // A package that exports for `import` only cannot be resolved by `require`.
    return importedFile(name, directory);
  }
}

function importedFile(name: string, directory: string): string | undefined {
  const [, packageName = "", rest = ""] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(name) ?? [];
  for (let place = directory; ; place = dirname(place)) {
    const home = join(place, "node_modules", packageName);
    if (existsSync(join(home, "package.json"))) {
      const entry = importOf(
        JSON.parse(readFileSync(join(home, "package.json"), "utf8")).exports,
        rest ? `./${rest}` : ".",
      );
      return entry && join(home, entry);
    }
    if (dirname(place) === place) return;
  }
}

type Exports = string | { readonly [condition: string]: Exports } | undefined;

/** The file that a package's `exports` names for `import`. */
function importOf(exports: Exports, entry: string): string | undefined {
  if (typeof exports !== "object") return entry === "." ? exports : undefined;
  const found = Object.hasOwn(exports, entry)
    ? exports[entry]
    : entry === "."
      ? exports
      : undefined;
  return byCondition(found);
}

function byCondition(exports: Exports): string | undefined {
  if (typeof exports !== "object" || exports === null) return exports;
  for (const condition of Object.keys(exports)) {
    const file = ["node", "import", "module-sync", "default"].includes(condition)
      ? byCondition(exports[condition])
      : undefined;
    if (file) return file;
  }
}
