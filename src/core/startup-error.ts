/**
 * A reason not to start (or not to finish a command) that a person can act on. Shown as one
 * sentence without a stack; the exit code is 1.
 */
export class StartupError extends Error {
  override readonly name = "StartupError";
}
