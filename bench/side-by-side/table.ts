import { type Figures, medianOf, ratioOf, type Spread, type Workload } from "./figures.ts";
import { MEDUSA } from "./report.ts";

const COLUMNS = ["a second", "p50 ms", "p95 ms", "p99 ms", "errors", "CPU ms", "MB"];

/** Prints what each server did with a workload, and the first errors in words. */
export function printWorkload({ name, figures, mayFail }: Workload): void {
  const base = figures.find(({ server }) => server === MEDUSA);
  console.log(`\n${name}`);
  console.log(row("", [...COLUMNS, base ? "times Medusa (spread)" : ""]));
  for (const each of figures) {
    const ratio = base && each !== base ? ratioOf(each, base) : undefined;
    console.log(row(each.server, [...cellsOf(each), ratio ? spreadText(ratio) : ""]));
  }
  for (const { server, errors } of figures)
    for (const { what, count } of errors.slice(0, 3))
      console.log(`  ${mayFail ? "" : "ERROR "}${server}, ${count} times: ${what}`);
}

/** The cells of a table; a step among others has no rate of its own. */
export function cellsOf({ rates, p50, p95, p99, errors, cpu, memory }: Figures): string[] {
  return [
    rates ? short(medianOf(rates)) : "–",
    ...[p50, p95, p99].map((time) => (time === undefined ? "–" : short(time))),
    String(errors.reduce((sum, { count }) => sum + count, 0)),
    cpu === undefined ? "–" : cpu.toFixed(2),
    memory === undefined ? "–" : memory.toFixed(0),
  ];
}

/** Writes a number with two or three digits. */
export function short(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value < 10 ? 2 : 1);
}

/** Writes a ratio and the least and the greatest of the rounds. */
export const spreadText = ({ min, median, max }: Spread): string =>
  `${short(median)}× (${short(min)}–${short(max)})`;

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(22) + cells.map((cell, at) => cell.padStart(at === 7 ? 26 : 10)).join("");
}
