import type { Command } from "commander";
import { addListCommand, addRetryCommand, printDeadLetters } from "./dead-letter-commands.ts";
import { withExamples, withoutWord } from "./help-text.ts";

/** Adds `nettle events` to the program. */
export function addEventCommands(program: Command): void {
  const events = program
    .command("events")
    .description("look at the events that failed too often, and send them again")
    .option("--json", "print JSON, with the events' data");
  withoutWord(events, printDeadLetters(undefined));
  withExamples(events, [
    ["events", "list them, with the id, the subscriber and the last error of each"],
    ["events --json", "with their data"],
    ["events retry 17 18"],
    ["events retry --all"],
  ]);
  withExamples(addListCommand(events, "list", undefined), [
    ["events list"],
    ["events list --json"],
  ]);
  withExamples(addRetryCommand(events, undefined), [
    ["events retry 17 18"],
    ["events retry --all --json"],
  ]);
}
