/** A subscriber took longer than it may. */
export class TooSlowError extends Error {
  constructor(seconds: number) {
    super(`No answer within ${seconds} seconds`);
  }
}

/**
 * Runs `work`, whose signal aborts after `seconds`. What goes on after that is not waited for.
 * @throws TooSlowError after that time
 */
export async function withinTime<T>(
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new TooSlowError(seconds)), seconds * 1000);
  const late = new Promise<never>((_, reject) => {
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
  });
  try {
    return await Promise.race([late, work(ending.signal)]);
  } finally {
    clearTimeout(timer);
  }
}
