import { ConflictError } from "../core/errors.ts";

/** How often a command runs again because of one subject. */
const MAX_RERUNS = 3;

/**
 * Ends a run of a command, so that its transaction is rolled back and its locks are released.
 * `prepare` runs next, and then the command runs again.
 */
export class RerunError extends Error {
  constructor(
    readonly subject: string,
    readonly prepare: () => Promise<unknown>,
  ) {
    super(`The command has to run again: ${subject}`);
  }
}

/**
 * Runs `execute` again each time it throws RerunError, after the error's `prepare`.
 * @throws ConflictError one subject has ended more than three runs · what `prepare` throws
 */
export async function rerunOnRequest<T>(execute: () => Promise<T>): Promise<T> {
  const reruns = new Map<string, number>();
  for (;;) {
    try {
      return await execute();
    } catch (error) {
      if (!(error instanceof RerunError)) throw error;
      const count = (reruns.get(error.subject) ?? 0) + 1;
      if (count > MAX_RERUNS) {
        throw new ConflictError(
          "The data kept changing while a provider was being called. Try again shortly.",
        );
      }
      reruns.set(error.subject, count);
      await error.prepare();
    }
  }
}
