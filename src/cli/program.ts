import { inspect } from "node:util";
import { Command } from "commander";
import { StartupError } from "../core/startup-error.ts";
import { mapPositions } from "../runtime/map-positions.ts";
import { version } from "../runtime/version.ts";
import { addApplyCommand } from "./apply.ts";
import { addCompareCommand } from "./compare.ts";
import { doctor } from "./doctor.ts";
import { addEventCommands } from "./event-commands.ts";
import { addMailCommands } from "./mail-commands.ts";
import { migrate, undoMigration } from "./migrate.ts";
import { addProviderCommands } from "./provider-commands.ts";
import { rebuildSearchIndex } from "./rebuild-search-index.ts";
import { seed } from "./seed.ts";
import { serve } from "./serve.ts";
import { addWebhookCommands } from "./webhook-commands.ts";

const program = new Command("nettle")
  .description("Nettle, the Medusa v1 Store API")
  .version(version, "-V, --version", "print the version")
  .helpOption("-h, --help", "show help")
  .helpCommand("help [command]", "show help for a command")
  .showHelpAfterError("Run `nettle help` for the commands and their options.")
  .addHelpText(
    "after",
    `
Examples:
  nettle serve            without DATABASE_URL: an embedded database with a demo shop
  nettle migrate          adopts a database that Medusa 1.20 built
  nettle search rebuild

Settings are read from the environment and from .env; .env.example explains them all.`,
  );

program
  .command("serve")
  .description("start the server; without DATABASE_URL with an embedded database and a demo shop")
  .action(() => serve());

program
  .command("migrate")
  .description("bring the database to this version's schema; adopts one that Medusa 1.20 built")
  .option("--undo", "take Nettle off the database instead: drops what it added, keeps the shop")
  .action(({ undo }: { undo?: true }) => (undo ? undoMigration() : migrate()));

program
  .command("doctor")
  .description("say what is wrong with the configuration, or what an adoption would do")
  .option("--takeover <url>", "read this database of Medusa's and say what `migrate` would do")
  .option("--json", "print the findings as JSON")
  .action((options: { takeover?: string; json?: boolean }) => doctor(options));

program
  .command("seed")
  .description("fill a new database with the demo shop")
  .action(() => seed());

const search = program.command("search").description("maintain the product search index");

search
  .command("rebuild")
  .description("rebuild the product search index")
  .action(() => rebuildSearchIndex());

addApplyCommand(program);
addCompareCommand(program);
addEventCommands(program);
addMailCommands(program);
const webhooks = addWebhookCommands(program);
const providers = addProviderCommands(program);

refuseUnknownCommands(program, (name) => `There is no command "${name}".`);
refuseUnknownCommands(
  search,
  (name) => `There is no command "search ${name}", only "nettle search rebuild".`,
);

refuseUnknownCommands(providers, (name) => `There is no command "providers ${name}".`);
refuseUnknownCommands(webhooks, (name) => `There is no command "webhooks ${name}".`);

/** Prints the help of the parent command and ends with exit code 1. */
function refuseUnknownCommands(parent: Command, messageFor: (name: string) => string): void {
  parent.on("command:*", ([name]: [string]) => {
    parent.outputHelp();
    throw new StartupError(messageFor(name));
  });
}

const words = process.argv.slice(2);
program
  .parseAsync(words.length > 0 ? words : ["help"], { from: "user" })
  .catch((error: unknown) => {
    console.error(error instanceof StartupError ? error.message : mapPositions(inspect(error)));
    process.exitCode = 1;
  });
