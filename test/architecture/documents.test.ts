import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";

const MAX_COLUMNS = 100;
const folders = ["src", "test", "bench", "migrations", "docs", "scripts"];

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectRoot(), folder), { recursive: true, encoding: "utf8" }).map((name) =>
    join(folder, name),
  );
const isMarkdown = (name: string) => name.endsWith(".md");
const documents = [
  ...readdirSync(projectRoot()).filter(isMarkdown),
  ...["docs", "bench"].flatMap(filesBelow).filter(isMarkdown),
];
const known = folders.flatMap(filesBelow);
const textOf = (document: string) => readFileSync(join(projectRoot(), document), "utf8");

/** Whether a path of the project exists; a `*` stands for a part of a name. */
function exists(path: string): boolean {
  if (!path.includes("*")) return existsSync(join(projectRoot(), path));
  const pattern = path.replaceAll(/[.+]/g, "\\$&").replaceAll("*", "[^/]*");
  return known.some((file) => new RegExp(`^${pattern}$`).test(file));
}

/** Every path below one of the project's folders, wherever it stands in the text. */
function pathsIn(text: string): string[] {
  const pattern = new RegExp(`(?<![\\w/.:@-])(?:${folders.join("|")})/[\\w.*/-]*`, "g");
  return [...text.matchAll(pattern)].map(([path]) => path.replace(/[./]+$/, ""));
}

/** The targets of links to other files, seen from the document. */
function linksIn(document: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target]) =>
    normalize(join(dirname(document), target!)),
  );
}

describe("the documents", () => {
  it("name only paths that exist", () => {
    const missing = documents.flatMap((document) => {
      const text = textOf(document);
      // The changelog tells of the past.
      const paths = document === "CHANGELOG.md" ? [] : pathsIn(text);
      return [...paths, ...linksIn(document, text)]
        .filter((path) => !exists(path))
        .map((path) => `${document}: ${path}`);
    });
    expect(missing).toEqual([]);
  });

  it("name only scripts that package.json has", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: object };
    const missing = documents.flatMap((document) =>
      [...textOf(document).matchAll(/npm run (?:--silent )?([\w:-]+)/g)]
        .filter(([, script]) => !Object.hasOwn(scripts, script!))
        .map(([command]) => `${document}: ${command}`),
    );
    expect(missing).toEqual([]);
  });

  it(`have lines of ${MAX_COLUMNS} columns at most, tables excepted`, () => {
    const long = [...documents, ".env.example"].flatMap((document) =>
      textOf(document)
        .split("\n")
        .map((line, index) => ({ line, place: `${document}:${index + 1}` }))
        .filter(({ line }) => [...line].length > MAX_COLUMNS && !line.trimStart().startsWith("|"))
        .map(({ place }) => place),
    );
    expect(long).toEqual([]);
  });
});
