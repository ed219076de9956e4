import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { retiredFiles, retiredNames, retiredWords } from "./retired-words.ts";

const folders = ["src", "test", "bench", "migrations", "scripts"];
/** These hold the retired words themselves. */
const exempt = new Set(["test/architecture/retired-words.ts"]);
/** Columns and wire words, which are Medusa's, and paths of the tests' own servers. */
const isSnakeCase = (name: string) => /^[a-z\d]+(_[a-z\d]+)+$/.test(name);

const files = folders
  .flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((file) => /\.(ts|mjs)$/.test(file) && !exempt.has(file));

/** Every identifier of a file, each once; comments, strings and templates have none. */
function identifiersOf(file: string): Set<string> {
  const text = readFileSync(join(projectRoot(), file), "utf8");
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node))
      names.add(node.text.replace(/^#/, ""));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext));
  return names;
}

/** `MAX_PAUSE_MS`, `maxPauseMs` and `max-pause-ms` → `[max, pause, ms]` */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());
}

/** A sentence for a name that is retired, or has a retired word in it. */
function objectionsTo(name: string, retired: Readonly<Record<string, string>>): string[] {
  if (isSnakeCase(name)) return [];
  if (Object.hasOwn(retired, name)) return [`${name}: write ${retired[name]}`];
  return wordsOf(name)
    .filter((word) => Object.hasOwn(retiredWords, word))
    .map((word) => `${name} has the word "${word}": write ${retiredWords[word]}`);
}

it("uses no retired name in an identifier", () => {
  expect(files.length).toBeGreaterThan(500);
  const objections = files.flatMap((file) =>
    [...identifiersOf(file)].flatMap((name) =>
      objectionsTo(name, retiredNames).map((objection) => `${file}: ${objection}`),
    ),
  );
  expect(objections).toEqual([]);
});

it("uses no retired name for a file", () => {
  const objections = files.flatMap((file) => {
    const name = basename(file).replace(/(\.(spec|test))?\.(ts|mjs)$/, "");
    return objectionsTo(name, retiredFiles).map((objection) => `${file}: ${objection}`);
  });
  expect(objections).toEqual([]);
});
