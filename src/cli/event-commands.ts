import type { Command } from "commander";
import { addListCommand, addRetryCommand } from "./dead-letter-commands.ts";

/** Adds `nettle events` to the program. */
export function addEventCommands(program: Command): void {
  const events = program
    .command("events")
    .description("look at the events that failed too often, and send them again")
    .addHelpText(
      "after",
      `
Examples:
  nettle events                list them, with the id, the subscriber and the last error of each
  nettle events list --json    with their data
  nettle events retry 17 18
  nettle events retry --all`,
    );
  addListCommand(events, "list", undefined);
  addRetryCommand(events, undefined);
}
