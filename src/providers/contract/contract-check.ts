import { isDeepStrictEqual } from "node:util";

/** One promise of a provider's contract, and how it is tried. */
export interface ContractCheck<Bench> {
  /** What must be true, in a sentence. */
  readonly check: string;
  /** What to do if it is not. */
  readonly remedy: string;
  /**
   * Tries it on a provider.
   * @throws BreachError if it is not true
   * @throws NotApplicableError if it cannot be tried on this provider
   */
  run(bench: Bench): Promise<void> | void;
}

/** What became of a check. */
export interface CheckResult {
  readonly check: string;
  readonly outcome: "passed" | "failed" | "not_applicable";
  /** What was seen, or why the check was not made. Null for what has passed. */
  readonly reason: string | null;
  /** What to do about it. Null for what has passed. */
  readonly remedy: string | null;
}

/** A provider breaks its contract. The message says what was seen. */
export class BreachError extends Error {}

/** A check means nothing for a provider. The message says why. */
export class NotApplicableError extends Error {}

/** @throws BreachError with the reason, if it is not true */
export function mustHold(isTrue: boolean, reason: string): void {
  if (!isTrue) throw new BreachError(reason);
}

/** @throws BreachError with the first difference, if two answers to one question differ */
export function mustBeSame(what: string, first: unknown, second: unknown): void {
  const difference = differenceOf(first, second, what);
  if (difference) throw new BreachError(difference);
}

/** @throws BreachError if a provider answered something else than it had to */
export function mustBe(what: string, expected: string, actual: unknown): void {
  mustHold(actual === expected, `${what} was ${shown(actual)} instead of ${expected}`);
}

/** Returns where two values differ, in words; undefined if they are the same. */
function differenceOf(first: unknown, second: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(first, second)) return;
  if (isObject(first) && isObject(second)) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    for (const key of keys) {
      const inner = differenceOf(first[key], second[key], `${path}.${key}`);
      if (inner) return inner;
    }
  }
  return `${path} was ${shown(first)} and then ${shown(second)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

const SHOWN_CHARACTERS = 120;

/** Returns a value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
