import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { readmeBlocks } from "../readme/readme-blocks.ts";

const folders = ["test/readme", "test/medusa"].map((folder) => join(projectRoot(), folder));
const tests = folders
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

it("each code block of the README is run by a test", () => {
  const headings = new Set(readmeBlocks().map(({ heading }) => heading));
  expect(headings.size).toBeGreaterThan(8);
  const untested = [...headings].filter((one) => {
    const count = readmeBlocks().filter(({ heading }) => heading === one).length;
    return !tests.includes(`blocksBelow("${one}", ${count})`);
  });
  expect(untested).toEqual([]);
});
