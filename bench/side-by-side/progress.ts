import type { Bench, PlannedStep } from "./bench.ts";

/** Runs planned steps one after another, and says what is measured and how long the rest takes. */
export async function runSteps(
  { closers, options }: Bench,
  planned: readonly PlannedStep[],
): Promise<void> {
  const steps = planned.filter(({ name }) => name.includes(options.only));
  const begin = performance.now();
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  let done = 0;
  for (const [at, { name, seconds, run }] of steps.entries()) {
    if (closers.isClosing) return;
    // The plan is corrected by how long the steps so far have taken.
    const pace = done > 0 ? (performance.now() - begin) / 1000 / done : 1;
    const left = Math.ceil(((total - done) * pace) / 60);
    console.error(`[${at + 1} of ${steps.length}] ${name}; about ${left} min left`);
    await run();
    done += seconds;
  }
}
