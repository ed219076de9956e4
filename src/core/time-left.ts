import { counted } from "./counted.ts";

/**
 * Returns in words how long the rest takes at the pace so far. `done` and `total` have one unit.
 */
export function timeLeft(done: number, total: number, elapsedMs: number): string {
  if (done <= 0) return "time left not known yet";
  const seconds = Math.ceil(((total - done) / done) * (elapsedMs / 1000));
  const rest =
    seconds < 90 ? counted(seconds, "second") : counted(Math.round(seconds / 60), "minute");
  return `about ${rest} left`;
}
