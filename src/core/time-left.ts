/** The pace counts for so long; what was before is forgotten. */
const RECENT_MS = 30_000;

/**
 * Returns a function that says in words how long the rest of some work takes, at the pace of about
 * the last half minute: work that has become slower is not expected to become fast again. `done`
 * and `total` have one unit; times are in milliseconds.
 */
export function timeLeftEstimate(
  startedAt = performance.now(),
): (done: number, total: number, now?: number) => string {
  const states = [{ done: 0, at: startedAt }];
  return (done, total, now = performance.now()) => {
    states.push({ done, at: now });
    while (states.length > 2 && now - states[1]!.at >= RECENT_MS) states.shift();
    const [before] = states;
    const seconds = Math.ceil(
      ((total - done) / (done - before!.done)) * ((now - before!.at) / 1000),
    );
    if (done <= before!.done) return "time left not known yet";
    return seconds < 90
      ? `about ${seconds} seconds left`
      : `about ${Math.round(seconds / 60)} minutes left`;
  };
}
