import { Command } from "commander";
import { StartupError } from "../core/startup-error.ts";
import { version } from "../runtime/version.ts";
import { migrate } from "./migrate.ts";
import { rebuildSearchIndex } from "./rebuild-search-index.ts";
import { remove } from "./remove.ts";
import { seed } from "./seed.ts";
import { serve } from "./serve.ts";

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
  .action(() => migrate());

program
  .command("remove")
  .description("take Nettle off the database: drops what it added, keeps the shop")
  .action(() => remove());

program
  .command("seed")
  .description("fill a new database with the demo shop")
  .action(() => seed());

const search = program.command("search").description("maintain the product search index");

search
  .command("rebuild")
  .description("rebuild the product search index")
  .action(() => rebuildSearchIndex());

refuseUnknownCommands(program, (name) => `There is no command "${name}".`);
refuseUnknownCommands(
  search,
  (name) => `There is no command "search ${name}", only "nettle search rebuild".`,
);

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
    console.error(error instanceof StartupError ? error.message : error);
    process.exitCode = 1;
  });
