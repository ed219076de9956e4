import type { Command } from "commander";
import { StartupError } from "../core/startup-error.ts";
import {
  type DeadLetter,
  listDeadLetters,
  listWaitingEvents,
  retryDeadLetters,
  type WaitingEvents,
} from "../events/dead-letters.ts";
import { withDatabase } from "./with-database.ts";

const SHOWN = 100;
/** The greatest number of digits that every 64-bit number may have. */
const DELIVERY_ID = /^\d{1,18}$/;

/** Adds a command that lists dead letters to a parent; `ofWebhooks` limits it to webhooks. */
export function addListCommand(
  parent: Command,
  name: string,
  ofWebhooks: true | undefined,
): Command {
  return parent
    .command(name)
    .description("list the events that failed too often, newest first")
    .option("--json", "print JSON, with the events' data")
    .action((_, command: Command) =>
      // An option that stands before the command belongs to its parent.
      printDeadLetters(ofWebhooks)(command.optsWithGlobals()),
    );
}

/** Returns a function that lists dead letters; `ofWebhooks` limits it to webhooks. */
export function printDeadLetters(
  ofWebhooks: true | undefined,
): (options: { readonly json?: true }) => Promise<void> {
  return ({ json }) =>
    withDatabase(async (knex) => {
      const { letters, count } = await listDeadLetters(knex, { ofWebhooks }, SHOWN);
      const waiting = await listWaitingEvents(knex, { ofWebhooks });
      if (json)
        return console.log(JSON.stringify({ dead_letters: letters, count, waiting }, null, 2));
      console.log(headingOf(count));
      for (const letter of letters) console.log(lineOf(letter));
      for (const one of waiting) console.log(waitingLineOf(one));
    });
}

function headingOf(count: number): string {
  if (count === 0) return "There are no dead letters";
  return `${counted(count, "dead letter")}${count > SHOWN ? `, of which the last ${SHOWN}` : ""}:`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What is tried again by itself is shown too: it may explain what does not arrive. */
function waitingLineOf({ subscriber, count, since, attempts, error }: WaitingEvents): string {
  const wait = count === 1 ? "waits" : "wait";
  const failed = error ? `, after ${attempts} tries: ${oneLine(error)}` : "";
  return (
    `${counted(count, "event")} ${wait} for ${subscriber} ` +
    `since ${new Date(since).toISOString()}${failed}`
  );
}

function lineOf({ id, dead_at, name, subscriber, attempts, error }: DeadLetter): string {
  return [
    `  ${id}`,
    new Date(dead_at).toISOString(),
    name,
    subscriber,
    `${attempts} tries`,
    oneLine(error ?? ""),
  ].join("  ");
}

/** An error's text may come from a webhook's answer, so it may not control the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/** Adds a command that sends dead letters again to a parent. */
export function addRetryCommand(parent: Command, ofWebhooks: true | undefined): Command {
  return parent
    .command("retry [ids...]")
    .description("send events that failed too often again")
    .option("--all", "all of them")
    .option("--json", "print JSON")
    .action((ids: string[], _, command: Command) => {
      const { all, json } = command.optsWithGlobals<{ all?: true; json?: true }>();
      if (ids.length > 0 === (all ?? false))
        throw new StartupError("Name the dead letters to send again, or --all of them.");
      const unknown = ids.find((id) => !DELIVERY_ID.test(id));
      if (unknown !== undefined) throw new StartupError(`There is no dead letter ${unknown}.`);
      return withDatabase(async (knex) => {
        const retried = await retryDeadLetters(knex, { ids: all ? undefined : ids, ofWebhooks });
        const others = ids.filter((id) => !retried.includes(id));
        const sent = `${counted(retried.length, "event")} ${retried.length === 1 ? "is" : "are"}`;
        if (others.length > 0)
          throw new StartupError(
            `There is no dead letter ${others.join(", ")}. ${sent} sent again.`,
          );
        if (json) return console.log(JSON.stringify({ retried }));
        console.log(`${sent} sent again by the running servers`);
      });
    });
}
