import type { LogFn, Logger } from "pino";

/** How often an event was logged at a level. */
export interface LoggedEvent {
  readonly event: string;
  readonly level: string;
  count: number;
}

const WARN = 40;
const LEVELS: Readonly<Record<number, string>> = { 40: "warn", 50: "error", 60: "fatal" };
/** Names of events are written in the code, so there are only so many. */
const counts = new Map<string, LoggedEvent>();

/** Returns what this process has logged as a warning or an error, by its event. */
export function loggedEvents(): Iterable<LoggedEvent> {
  return counts.values();
}

/** Pino's hook: counts a line that is a warning or worse, and writes it. */
export function countEvent(
  this: Logger,
  args: Parameters<LogFn>,
  write: LogFn,
  level: number,
): void {
  if (level >= WARN) count(eventOf(args[0]), LEVELS[level] ?? String(level));
  write.apply(this, args);
}

function count(event: string, level: string): void {
  const key = `${level} ${event}`;
  const counted = counts.get(key) ?? { event, level, count: 0 };
  counted.count++;
  counts.set(key, counted);
}

function eventOf(about: unknown): string {
  if (typeof about !== "object" || about === null || !("event" in about)) return "(none)";
  return String(about.event);
}
