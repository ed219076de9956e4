/**
 * A reason not to start (or not to finish a command) that a person can act on: shown as this one
 * sentence, exit code 1, no stack.
 */
export class StartupError extends Error {
  override readonly name = "StartupError";
}
