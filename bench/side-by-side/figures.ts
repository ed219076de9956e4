/** An error and how often it came. */
export interface NamedError {
  readonly what: string;
  readonly count: number;
}

/** One round of a server. Times are in milliseconds. */
export interface Round {
  /** Answers a second. Absent where a workload is a step among others. */
  readonly rate?: number;
  readonly times: readonly number[];
  readonly errors: readonly NamedError[];
  /** Seconds of processor time of the server's own processes. */
  readonly cpu?: number;
  /** Of the server's own processes at the end of the round, in megabytes. */
  readonly memory?: number;
}

/** What one server did with one workload in all rounds. Times are in milliseconds. */
export interface Figures {
  readonly server: string;
  readonly samples: number;
  /** Answers a second, a value a round. Absent where a workload is a step among others. */
  readonly rates?: readonly number[];
  /** A value a round, as is the next. */
  readonly p50s: readonly number[];
  readonly p95s: readonly number[];
  /** Over all rounds, as are the next. */
  readonly p50: number;
  /** With at least 20 samples. */
  readonly p95?: number;
  /** With at least 100 samples. */
  readonly p99?: number;
  /** Milliseconds of processor time of the server's own processes for each answer. */
  readonly cpu?: number;
  /** The greatest in any round, in megabytes. */
  readonly memory?: number;
  readonly errors: readonly NamedError[];
}

/** A kind of request, and what each server did with it. */
export interface Workload {
  readonly name: string;
  readonly figures: readonly Figures[];
  /** Whether refusals belong to what is measured. */
  readonly mayFail?: boolean;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Returns a value below which a share of the others is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Returns the middle value, or what is between the two middle ones. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: medianOf(values), max: Math.max(...values) };
}

/** Returns how many times as fast the first is, round by round: they ran one after another. */
export function ratioOf(one: Figures, other: Figures): Spread | undefined {
  const [first, second] =
    one.rates && other.rates ? [one.rates, other.rates] : [other.p50s, one.p50s];
  const ratios = first.flatMap((value, at) => (second[at] ? [value / second[at]] : []));
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** Three digits are more than such a measurement has. */
const rounded = (value: number) => Number(value.toPrecision(4));

/** Sums the rounds of a server up. */
export function figuresOf(server: string, rounds: readonly Round[]): Figures {
  const times = rounds.flatMap((round) => round.times);
  const rates = rounds.flatMap(({ rate }) => (rate === undefined ? [] : [rounded(rate)]));
  const cpu = sum(rounds.map((round) => round.cpu ?? 0));
  const memory = Math.max(0, ...rounds.map((round) => round.memory ?? 0));
  const counts = new Map<string, number>();
  for (const { what, count } of rounds.flatMap(({ errors }) => errors))
    counts.set(what, (counts.get(what) ?? 0) + count);
  const at = (share: number) => rounded(quantile(times, share));
  return {
    server,
    samples: times.length,
    ...(rates.length > 0 && { rates }),
    p50s: rounds.map((round) => rounded(quantile(round.times, 0.5))),
    p95s: rounds.map((round) => rounded(quantile(round.times, 0.95))),
    p50: at(0.5),
    ...(times.length >= 20 && { p95: at(0.95) }),
    ...(times.length >= 100 && { p99: at(0.99) }),
    ...(cpu > 0 && times.length > 0 && { cpu: rounded((cpu * 1000) / times.length) }),
    ...(memory > 0 && { memory: rounded(memory) }),
    errors: [...counts].map(([what, count]) => ({ what, count })).slice(0, 5),
  };
}
