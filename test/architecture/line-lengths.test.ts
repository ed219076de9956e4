import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";

const MAX_COLUMNS = 100;
const folders = ["src", "test", "bench", "migrations", "scripts"];

/** Lines that cannot be broken: an import of one name, a regular expression. */
const unbreakable: readonly RegExp[] = [
  /^import (type )?\{ (type )?\w+ \} from "[^"]+";$/,
  /^\s*\/(?![/*]).*\/[a-z]*[,;]?$/,
];

const files = folders
  .flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((file) => /\.(ts|mjs)$/.test(file));

it("has no source line of more than 100 columns", () => {
  expect(files.length).toBeGreaterThan(500);
  const tooLong = files.flatMap((file) =>
    readFileSync(join(projectRoot(), file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        [...line].length > MAX_COLUMNS && !unbreakable.some((pattern) => pattern.test(line))
          ? [`${file}:${index + 1}`]
          : [],
      ),
  );
  expect(tooLong).toEqual([]);
});
