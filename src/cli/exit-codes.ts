import type { Command } from "commander";

/** The exit code of a command that could not do its work; 1 says what it has found. */
export const COULD_NOT = 2;

/** Ends the command with this exit code if its words are not understood. */
export function endUsageErrorsWith(command: Command): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT));
}
