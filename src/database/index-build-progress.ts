import type { OwnIndex } from "../../migrations/own-indexes.ts";

/**
 * How much longer an index of words takes than one of values, as measured on texts of 10 and of 40
 * characters: 6 and 12 times.
 */
const WORK_OF_WORDS = 8;
/** How long an index takes that leaves most rows out, beside one of all rows. */
const WORK_OF_FEW = 0.2;

/**
 * The parts of `create index concurrently`, by the beginning of the phase that PostgreSQL reports,
 * and how much of the build is done when each begins and ends.
 */
const parts: readonly (readonly [phase: string, from: number, to: number])[] = [
  ["initializing", 0, 0],
  ["waiting for writers before build", 0, 0],
  ["building index: scanning table", 0, 0.5],
  ["building index: sorting", 0.5, 0.6],
  ["building index: loading", 0.6, 0.75],
  ["building index", 0, 0.75],
  ["waiting for writers before validation", 0.75, 0.75],
  ["index validation: scanning index", 0.75, 0.8],
  ["index validation: sorting", 0.8, 0.85],
  ["index validation: scanning table", 0.85, 1],
  ["waiting for", 1, 1],
];

/** How far a build is, as PostgreSQL tells. */
export interface BuildPhase {
  readonly phase: string;
  /** How much of the phase is done, from 0 to 1; null if PostgreSQL does not count it. */
  readonly share: number | null;
}

/**
 * Returns how much work the build of an index is, given the size of its table in bytes: as much as
 * an index of values on a table of so many bytes.
 */
export function workOf({ on }: OwnIndex, bytes: number): number {
  if (on.startsWith("using gin")) return WORK_OF_WORDS * bytes;
  return (on.includes("is not null") ? WORK_OF_FEW : 1) * bytes;
}

/** Returns how much of a build is done, from 0 to 1. Nothing is if there is no build to see. */
export function shareOfBuild(found: BuildPhase | undefined): number {
  const part = parts.find(([phase]) => found?.phase.startsWith(phase));
  if (!found || !part) return 0;
  const [, from, to] = part;
  return from + (to - from) * Math.min(Math.max(found.share ?? 0, 0), 1);
}
