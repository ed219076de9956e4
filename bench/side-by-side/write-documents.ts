import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { drawChart } from "./chart.ts";
import { benchmarksDocument, readmeSection } from "./markdown.ts";
import type { Report } from "./report.ts";

const MAIN = "docs/benchmarks.json";
const [BEGIN, END] = ["<!-- benchmarks -->", "<!-- /benchmarks -->"];
const textOf = (path: string) => readFileSync(join(projectRoot(), path), "utf8");

/** Returns where a report is written: among the documents, or where git does not look. */
export function fileOf({ products, minutes }: Report, isWritten: boolean): string {
  const kind = minutes ? "-minutes" : products > 0 ? `-${products}-products` : "";
  return isWritten ? `docs/benchmarks${kind}.json` : `bench/results${kind}.json`;
}

/** Returns the reports among the documents, that of the demo shop first. */
export function reportsInDocuments(): Report[] {
  const folder = join(projectRoot(), "docs");
  const files = readdirSync(folder).filter((name) => /^benchmarks.*\.json$/.test(name));
  const reports = files.map((name) => JSON.parse(textOf(`docs/${name}`)) as Report);
  return reports.toSorted(
    (one, other) =>
      Number(!!one.minutes) - Number(!!other.minutes) || one.products - other.products,
  );
}

/** Returns the documents that follow from the reports: the path and the text of each. */
export function documentsOf(): [path: string, text: string][] {
  const reports = reportsInDocuments();
  if (reports.length === 0) return [];
  const documents: [string, string][] = [["docs/benchmarks.md", benchmarksDocument(reports)]];
  if (!existsSync(join(projectRoot(), MAIN))) return documents;
  const report = JSON.parse(textOf(MAIN)) as Report;
  const [before, rest = ""] = textOf("README.md").split(BEGIN);
  const after = rest.split(END)[1] ?? "";
  return [
    ...documents,
    ["docs/benchmarks-light.svg", drawChart(report, "light")],
    ["docs/benchmarks-dark.svg", drawChart(report, "dark")],
    ["README.md", `${before}${BEGIN}\n\n${readmeSection(report)}\n${END}${after}`],
  ];
}

/** Writes them. */
export function writeDocuments(): void {
  for (const [path, text] of documentsOf()) {
    writeFileSync(join(projectRoot(), path), text);
    console.log(`Written to ${path}`);
  }
}
