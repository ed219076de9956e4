import type { Command } from "commander";

/** The exit code of a command that was refused or failed, or that has found something. */
export const FAILED = 1;
/** The exit code of a command that could not do its work, where 1 says what it has found. */
export const COULD_NOT = 2;
/** The exit code of a command that Ctrl-C has stopped. */
export const STOPPED = 130;

/** What the exit codes mean, for the help. docs/operations.md has the same in a table. */
export const EXIT_CODES = `Exit codes:
  0    done, and nothing is wrong
  1    refused or failed, with the reason on standard error; or something was found that needs a
       person (doctor, compare, providers test), products were refused (import), or the shop is not
       as the file says (apply)
  2    the work could not be done, where 1 says what was found (compare, import), and for export
  130  stopped by Ctrl-C (import)`;

/** Ends the command with this exit code if its words are not understood. */
export function endUsageErrorsWith(command: Command): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT));
}
