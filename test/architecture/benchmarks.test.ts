import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MEDUSA } from "../../bench/side-by-side/report.ts";
import { documentsOf, reportsInDocuments } from "../../bench/side-by-side/write-documents.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

it("every figure in the README, the benchmarks and the charts is one of a report", () => {
  const documents = documentsOf();
  for (const [path, text] of documents)
    expect(readFileSync(join(projectRoot(), path), "utf8"), path).toBe(text);
});

it("no request of Nettle's failed where none should", () => {
  const failed = reportsInDocuments()
    .flatMap(({ workloads }) => workloads)
    .filter(({ mayFail }) => !mayFail)
    .filter(({ figures }) =>
      figures.some(({ server, errors }) => server !== MEDUSA && errors.length > 0),
    );
  expect(failed.map(({ name }) => name)).toEqual([]);
});
