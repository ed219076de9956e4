import { SHOWN_STEPS } from "./checkout.ts";
import {
  type Figures,
  medianOf,
  ratioOf,
  type Spread,
  spreadOf,
  type Workload,
} from "./figures.ts";
import { DIFFERENT, HOT, ONE } from "./measure-checkouts.ts";
import {
  BARE_EXPRESS,
  BARE_HTTP,
  DEMO,
  MEDUSA,
  NETTLE,
  POSTGRESQL,
  type Report,
  UNCACHED,
} from "./report.ts";
import { short } from "./table.ts";

/** What the project wants to reach, and what a run has shown. */
export interface Target {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly isMet: boolean;
}

/** Returns the figures of a server in a workload. */
export function figuresIn(
  workloads: readonly Workload[],
  name: string,
  server: string,
): Figures | undefined {
  return workloads
    .find((workload) => workload.name === name)
    ?.figures.find((figures) => figures.server === server);
}

/** Returns how many times as fast one server is as another in a workload. */
export function ratioIn(
  workloads: readonly Workload[],
  name: string,
  one: string,
  other: string,
): Spread | undefined {
  const [first, second] = [one, other].map((server) => figuresIn(workloads, name, server));
  return first && second ? ratioOf(first, second) : undefined;
}

const CART_STEPS = SHOWN_STEPS.filter((step) => step !== "complete");
const cartWrites = [ONE, DIFFERENT].flatMap((kind) => CART_STEPS.map((step) => `${step}, ${kind}`));

/** Judges each target that the reports have measured; of several workloads the worst one counts. */
export function targetsOf(reports: readonly Report[]): Target[] {
  const targets = reports.flatMap((report) => {
    if (report.minutes) return [memoryIsFlat(report)];
    return report.products > 0 ? catalogueTargets(report) : shopTargets(report);
  });
  return targets.filter((target) => target !== undefined);
}

function shopTargets({ workloads, start = [] }: Report): (Target | undefined)[] {
  const reads = workloads
    .filter(({ figures }) => figures.some(({ server }) => server === BARE_HTTP))
    .map(({ name }) => name);
  const times = (names: readonly string[], one: string, other: string) =>
    names.map((name) => [name, ratioIn(workloads, name, one, other)] as const);
  const started = start.find(({ server }) => server === NETTLE);
  return [
    atLeast("reads from memory, of bare node:http", 0.7, times(reads, NETTLE, BARE_HTTP)),
    atLeast("reads from memory, of bare Express", 2.5, times(reads, NETTLE, BARE_EXPRESS)),
    atLeast("product list from memory, of Medusa", 150, times(["12 products"], NETTLE, MEDUSA)),
    atLeast("reads from the database, of Medusa", 12, times(reads, UNCACHED, MEDUSA)),
    within("reads from the database, of PostgreSQL's time", 2, times(reads, POSTGRESQL, UNCACHED)),
    atLeast("cart writes, of Medusa", 10, times(cartWrites, NETTLE, MEDUSA)),
    within("cart writes, of PostgreSQL's time", 3, times(cartWrites, POSTGRESQL, NETTLE)),
    atLeast("checkout of one shopper, of Medusa", 12, times([`checkout, ${ONE}`], NETTLE, MEDUSA)),
    atLeast(
      "orders a second of eight shoppers, of Medusa",
      10,
      times([`checkout, ${DIFFERENT}`], NETTLE, MEDUSA),
    ),
    within(
      "p95 of a popular product, of different ones",
      1.15,
      (["add line", "complete"] as const).map((step) => [step, hotRatio(workloads, step)]),
    ),
    started && {
      name: "start to the first answer",
      wanted: "≤ 1,000 ms",
      found: `${short(medianOf(started.firstAnswers))} ms`,
      isMet: medianOf(started.firstAnswers) <= 1000,
    },
    started && {
      name: "memory at rest",
      wanted: "≤ 80 MB",
      found: `${started.atRest} MB`,
      isMet: started.atRest <= 80,
    },
  ];
}

/** The p95 of a step with one hot product as a multiple of that with different ones, by rounds. */
function hotRatio(workloads: readonly Workload[], step: string): Spread | undefined {
  const [hot, different] = [HOT, DIFFERENT].map((kind) =>
    figuresIn(workloads, `${step}, ${kind}`, NETTLE),
  );
  if (!hot?.p95 || !different?.p95) return undefined;
  const rounds = hot.p95s.map((p95, at) => p95 / different.p95s[at]!);
  // The medianOf of all rounds together has more samples than that of each.
  return { ...spreadOf(rounds), median: hot.p95 / different.p95 };
}

function catalogueTargets({ workloads, products }: Report): (Target | undefined)[] {
  const size = `${products.toLocaleString("en")} products`;
  const page = figuresIn(workloads, "first page", UNCACHED);
  const times = (name: string) => {
    const figures = figuresIn(workloads, name, UNCACHED);
    return [[name, page && figures && inverse(ratioOf(figures, page))]] as const;
  };
  const small = ratioIn(workloads, "first page", UNCACHED, DEMO);
  return [
    within(`first page of ${size}, of the demo shop's`, 1.5, [["first page", inverse(small)]]),
    within(`far page of ${size}, of the first`, 15, times("far page")),
    within(`${size} sorted by price, of the first page`, 3, times("sorted by price")),
  ];
}

/** Half a minute's noise is not growth: the last minutes are compared with the third. */
function memoryIsFlat({ minutes = [] }: Report): Target | undefined {
  const [early, late] = [minutes[2], minutes.at(-1)];
  if (!early || !late || minutes.length < 4) return undefined;
  const growth = late.memory / early.memory - 1;
  return {
    name: `memory after ${minutes.length} minutes, of that after three`,
    wanted: "≤ 1.1 times",
    found: `${(1 + growth).toFixed(2)} times (${late.memory} MB)`,
    isMet: growth <= 0.1,
  };
}

const inverse = (ratio: Spread | undefined): Spread | undefined =>
  ratio && { min: 1 / ratio.max, median: 1 / ratio.median, max: 1 / ratio.min };

type Ratios = readonly (readonly [name: string, ratio: Spread | undefined])[];

function atLeast(name: string, wanted: number, ratios: Ratios): Target | undefined {
  const worst = worstOf(ratios, (one, other) => one.median - other.median);
  return worst && { ...judged(name, `≥ ${wanted}`, worst), isMet: worst.ratio.median >= wanted };
}

/** The ratios are those of times: a database that is twice as fast makes a server take twice. */
function within(name: string, wanted: number, ratios: Ratios): Target | undefined {
  const worst = worstOf(ratios, (one, other) => other.median - one.median);
  return worst && { ...judged(name, `≤ ${wanted}`, worst), isMet: worst.ratio.median <= wanted };
}

interface Worst {
  readonly of: string;
  readonly count: number;
  readonly ratio: Spread;
}

function worstOf(
  ratios: Ratios,
  compare: (one: Spread, other: Spread) => number,
): Worst | undefined {
  const known = ratios.flatMap(([of, ratio]) => (ratio ? [{ of, ratio }] : []));
  const [worst] = known.toSorted((one, other) => compare(one.ratio, other.ratio));
  return worst && { ...worst, count: known.length };
}

const judged = (name: string, wanted: string, { of, count, ratio }: Worst) => ({
  name,
  wanted: `${wanted} times`,
  found:
    `${short(ratio.median)} times (${short(ratio.min)}–${short(ratio.max)})` +
    (count > 1 ? `, the worst of ${count}: ${of}` : ""),
});

/** Prints the targets, and whether each is met. */
export function printTargets(targets: readonly Target[]): void {
  if (targets.length > 0) console.log("\ntargets");
  for (const { name, wanted, found, isMet } of targets)
    console.log(`${isMet ? "met " : "MISS"} ${name.padEnd(48)} ${wanted.padEnd(14)} ${found}`);
}
