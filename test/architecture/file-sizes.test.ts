import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";

const MAX_LINES = 300;

function sources(folder: string): string[] {
  const names = readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
    .map((name) => join(folder, name));
}

const lines = (file: string) =>
  readFileSync(join(projectRoot(), file), "utf8").split("\n").length - 1;

describe("the source files", () => {
  it("have at most 300 lines", () => {
    const files = [...sources("src"), ...sources("migrations")];
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => lines(file) > MAX_LINES)).toEqual([]);
  });

  it("are named after their content", () => {
    expect(
      sources("src").filter((file) => /(utils?|helpers?|manager|common|misc)\.ts$/.test(file)),
    ).toEqual([]);
  });
});
