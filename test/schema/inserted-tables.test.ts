import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { insertedTables } from "../../src/medusa-adoption/inserted-tables.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

const INSERTS = [
  /insert into "?([a-z_]+)"?/g,
  /insertRow\(\w+, "([a-z_]+)"/g,
  /TableMapping = \{\s*name: "([a-z_]+)"/g,
];

describe("the tables whose additional columns an adoption checks", () => {
  it("are those into which the sources insert", () => {
    const source = readdirSync(join(projectRoot(), "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.startsWith("demo/"))
      .map((name) => readFileSync(join(projectRoot(), "src", name), "utf8"))
      .join("\n");
    const found = INSERTS.flatMap((pattern) => [...source.matchAll(pattern)].map((hit) => hit[1]!));
    const medusas = new Set(found.filter((name) => !/^(nettle_.*|migrations)$/.test(name)));
    expect(medusas.size).toBeGreaterThan(15);
    expect([...medusas].filter((name) => !insertedTables.includes(name))).toEqual([]);
  });
});
