import { groupsOf } from "./chart.ts";
import { medianOf, ratioOf, type Workload } from "./figures.ts";
import { MEDUSA, NETTLE, type Report } from "./report.ts";
import { cellsOf, short, spreadText } from "./table.ts";
import { type Target, targetsOf } from "./targets.ts";

const MAX_COLUMNS = 100;

/** Writes `docs/benchmarks.md`. */
export function benchmarksDocument(reports: readonly Report[]): string {
  const targets = targetsOf(reports);
  const met = targets.filter(({ isMet }) => isMet).length;
  return joined([
    "# Benchmarks",
    wrapped(
      "`npm run bench -- --write` has written this page from what it measured; nothing here is " +
        "edited by hand. `bench/README.md` says what each figure means and how to measure it.",
    ),
    "## Targets",
    `${met} of ${targets.length} are met. Of several workloads the worst one counts.`,
    targetTable(targets),
    ...reports.map(reportSection),
  ]);
}

function reportSection(report: Report): string {
  const { products, minutes, workloads, start, delay } = report;
  const title = minutes
    ? `A mixed storefront for ${minutes.length} minutes`
    : products > 0
      ? `${products.toLocaleString("en")} products`
      : "The demo shop";
  return joined([
    `## ${title}`,
    aboutRun(report),
    ...(start ? ["### Start and rest", startTable(start)] : []),
    ...(delay
      ? [
          wrapped(
            `A change by another program is seen ${short(delay.p50)} ms after its COMMIT ` +
              `(median; p95 ${short(delay.p95)} ms).`,
          ),
        ]
      : []),
    ...(minutes ? [minuteTable(minutes)] : ["### Workloads", workloadTable(workloads)]),
    ...(report.mixed?.length ? ["### The mixed storefront", mixedTable(report)] : []),
    ...(report.recovery?.length ? [recoveryText(report)] : []),
  ]);
}

function aboutRun({ date, machine, rounds, seconds, redis, isQuick, minutes }: Report): string {
  const how = minutes
    ? "32 connections"
    : `${rounds} rounds of ${seconds} seconds, by turns${isQuick ? " (a quick run)" : ""}`;
  const store = redis === "none" ? "no Redis" : `Redis for ${redis}`;
  return wrapped(`Measured on ${date}: ${machine}; ${how}; ${store}.`);
}

const targetTable = (targets: readonly Target[]) =>
  table(
    ["target", "wanted", "measured", "met"],
    targets.map(({ name, wanted, found, isMet }) => [name, wanted, found, isMet ? "yes" : "no"]),
  );

const startTable = (starts: NonNullable<Report["start"]>) =>
  table(
    ["server", "first answer, ms (least–greatest)", "MB at rest"],
    starts.map(({ server, firstAnswers, atRest }) => [
      server,
      `${short(medianOf(firstAnswers))} ` +
        `(${short(Math.min(...firstAnswers))}–${short(Math.max(...firstAnswers))})`,
      String(atRest),
    ]),
  );

function workloadTable(workloads: readonly Workload[]): string {
  const rows = workloads.flatMap(({ name, figures }) => {
    const base = figures.find(({ server }) => server === MEDUSA);
    return figures.map((each, at) => {
      const ratio = base && each !== base ? ratioOf(each, base) : undefined;
      const [rate, p50, p95, p99, errors, cpu, memory] = cellsOf(each);
      const cells = [rate!, p50!, p95!, p99!, cpu!, memory!, errors!];
      return [at === 0 ? name : "", each.server, ...cells, ratio ? spreadText(ratio) : ""];
    });
  });
  const columns = ["a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "MB", "errors"];
  return table(["workload", "server", ...columns, "of Medusa (spread)"], rows);
}

function mixedTable({ mixed = [], workloads }: Report): string {
  const rows = mixed.map(({ server, connections, orders, hitRate, refusedP50 }) => {
    const errors = workloads
      .find(({ name }) => name === `mixed storefront, ${connections} at once`)
      ?.figures.find((figures) => figures.server === server)?.errors;
    const [first] = errors ?? [];
    return [
      String(connections),
      server,
      String(orders),
      hitRate === undefined ? "–" : `${(100 * hitRate).toFixed(1)} %`,
      refusedP50 === undefined ? "–" : short(refusedP50),
      first ? `${first.count} × ${first.what.replaceAll("|", "/")}` : "none",
    ];
  });
  const columns = ["orders a second", "from memory", "refused after, ms", "errors"];
  return table(["at once", "server", ...columns], rows);
}

const recoveryText = ({ recovery = [] }: Report) =>
  joined([
    "After an overload, the p99 of 8 connections in each second, in milliseconds:",
    table(
      ["server", ...recovery[0]!.p99s.map((_, at) => String(at + 1))],
      recovery.map(({ server, p99s }) => [server, ...p99s.map(short)]),
    ),
  ]);

const minuteTable = (minutes: NonNullable<Report["minutes"]>) =>
  table(
    ["minute", "MB of the process", "MB kept of the catalogue", "answers", "p99 ms"],
    minutes.map(({ memory, kept, answers, p99 }, at) =>
      [at + 1, memory, kept, answers.toLocaleString("en"), short(p99)].map(String),
    ),
  );

/** Writes the section of the README: the chart, and the same figures as a table. */
export function readmeSection(report: Report): string {
  const rows = groupsOf(report).flatMap(({ title, lines }) =>
    lines.map(({ label, memory, own }) => [
      label,
      title.toLowerCase(),
      own ? spreadText(own) : "–",
      memory ? spreadText(memory) : "–",
    ]),
  );
  const started = report.start?.find(({ server }) => server === NETTLE);
  return joined([
    "## Speed",
    wrapped(
      `${aboutRun(report)} Nettle and a real Medusa 1.20.11 in production mode took turns on one ` +
        "PostgreSQL with the same rows. [docs/benchmarks.md](docs/benchmarks.md) has all " +
        "figures, the limits beside them, and the targets that are not met; `npm run bench` " +
        "measures them on your machine.",
    ),
    [
      "<picture>",
      '  <source media="(prefers-color-scheme: dark)" srcset="docs/benchmarks-dark.svg">',
      '  <img alt="How many times as fast Nettle is as Medusa, by workload; the table below has',
      '    the same figures" src="docs/benchmarks-light.svg" width="860">',
      "</picture>",
    ].join("\n"),
    "<details><summary>The same as a table</summary>",
    table(["workload", "measured", "with the database", "from memory"], rows),
    "</details>",
    ...(started
      ? [
          wrapped(
            `A start on an existing database takes ${short(medianOf(started.firstAnswers))} ` +
              `ms to the first answer (median), and ${started.atRest} MB at rest.`,
          ),
        ]
      : []),
  ]);
}

const joined = (parts: readonly string[]): string =>
  `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;

/** Breaks a paragraph into lines. */
function wrapped(text: string): string {
  const lines: string[] = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > MAX_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join("\n");
}

/** Writes a table whose columns are as wide as their cells. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(3, ...all.map((row) => [...(row[at] ?? "")].length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? "").padEnd(width)).join(" | ")} |`;
  return [
    line(head),
    `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`,
    ...rows.map(line),
  ].join("\n");
}
