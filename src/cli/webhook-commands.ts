import type { Command } from "commander";
import { StartupError } from "../core/startup-error.ts";
import { newId } from "../database/new-id.ts";
import { eventNames, isEventName } from "../events/event-names.ts";
import type { EventName } from "../events/subscribers.ts";
import { requireAllowedAddress } from "../events/webhooks/allowed-address.ts";
import { newWebhookSecret } from "../events/webhooks/signature.ts";
import { deleteWebhook, insertWebhook, listWebhooks } from "../events/webhooks/webhook-queries.ts";
import { addListCommand, addRetryCommand } from "./dead-letter-commands.ts";
import { withExamples } from "./help-text.ts";
import { withDatabase } from "./with-database.ts";

const MAX_WEBHOOKS = 50;
const MAX_URL_LENGTH = 2000;
const EVENTS = `Events: ${eventNames.join(", ")}`;

/** Adds `nettle webhooks` to the program. */
export function addWebhookCommands(program: Command): void {
  const webhooks = program.command("webhooks").description("send events to other servers");
  withExamples(
    webhooks,
    [
      ["webhooks add https://erp.example/hooks --events order.placed,order.payment_captured"],
      ["webhooks list"],
      ["webhooks remove we_01JD8Z4K6Q3W9V5T7R1N2M4P6B"],
      ["webhooks dead", "what was tried for a day without success"],
      ["webhooks retry --all"],
    ],
    EVENTS,
  );
  const adding = webhooks
    .command("add <url>")
    .description("send events to an address; prints the secret that signs them, once")
    .requiredOption("--events <names>", "the names of the events, separated by commas")
    .option("--json", "print JSON")
    .action(addWebhook);
  withExamples(
    adding,
    [
      ["webhooks add https://erp.example/hooks --events order.placed"],
      ["webhooks add https://erp.example/hooks --events order.placed,order.updated --json"],
    ],
    EVENTS,
  );
  const listing = webhooks
    .command("list")
    .description("list the addresses and their events")
    .option("--json", "print JSON")
    .action(printWebhooks);
  withExamples(listing, [["webhooks list"], ["webhooks list --json"]]);
  const removing = webhooks
    .command("remove <id>")
    .description("send no more events to an address, and drop those that wait")
    .option("--json", "print JSON")
    .action(removeWebhook);
  withExamples(removing, [["webhooks remove we_01JD8Z4K6Q3W9V5T7R1N2M4P6B"]]);
  withExamples(addListCommand(webhooks, "dead", true), [
    ["webhooks dead"],
    ["webhooks dead --json"],
  ]);
  withExamples(addRetryCommand(webhooks, true), [["webhooks retry 17"], ["webhooks retry --all"]]);
}

function addWebhook(url: string, options: { events: string; json?: true }): Promise<void> {
  const address = requireWebhookUrl(url);
  const events = requireEventNames(options.events);
  return withDatabase(async (knex, config) => {
    await requireAllowedAddress(address, config.events.webhooks.networks).catch((error: Error) => {
      throw new StartupError(`Events cannot be sent to ${url}: ${error.message}.`);
    });
    const webhook = { id: newId("we"), url: address.href, events, secret: newWebhookSecret() };
    if (!(await insertWebhook(knex, webhook, MAX_WEBHOOKS)))
      throw new StartupError(`There are ${MAX_WEBHOOKS} webhooks: remove one first.`);
    if (options.json) return console.log(JSON.stringify(webhook, null, 2));
    console.log(
      `${webhook.id} receives ${events.join(", ")} within some seconds.\n` +
        `Its secret, which is not shown again: ${webhook.secret}`,
    );
  });
}

/** @throws StartupError if it is no address that events can be sent to */
function requireWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || text.length > MAX_URL_LENGTH)
    throw new StartupError(`${text.slice(0, 100)} is not an address such as https://erp.example/.`);
  if (url.username || url.password)
    throw new StartupError("The address has a user or a password: check the signature instead.");
  url.hash = "";
  return url;
}

/** @throws StartupError if there are none, or one of them is not published */
function requireEventNames(list: string): EventName[] {
  const names = [...new Set(list.split(",").map((name) => name.trim()))].filter(Boolean);
  const unknown = names.find((name) => !isEventName(name));
  if (names.length === 0 || unknown !== undefined)
    throw new StartupError(
      `--events must name some of ${eventNames.join(", ")}` +
        `${unknown === undefined ? "" : `; there is no "${unknown}"`}.`,
    );
  return names.filter(isEventName);
}

function printWebhooks({ json }: { json?: true }): Promise<void> {
  return withDatabase(async (knex) => {
    const webhooks = (await listWebhooks(knex)).map(({ secret: _, ...shown }) => shown);
    if (json) return console.log(JSON.stringify(webhooks, null, 2));
    if (webhooks.length === 0) return console.log("There are no webhooks");
    for (const { id, url, events } of webhooks) console.log(`${id}  ${url}  ${events.join(", ")}`);
  });
}

function removeWebhook(id: string, { json }: { json?: true }): Promise<void> {
  return withDatabase(async (knex) => {
    if (!(await deleteWebhook(knex, id))) throw new StartupError(`There is no webhook ${id}.`);
    if (json) return console.log(JSON.stringify({ id, removed: true }));
    console.log(`${id} receives no more events`);
  });
}
