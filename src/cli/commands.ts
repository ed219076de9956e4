import { Command } from "commander";
import { commandLine } from "../runtime/command-line.ts";
import { version } from "../runtime/version.ts";
import { addApplyCommand } from "./apply.ts";
import { addCompareCommand } from "./compare.ts";
import { doctor } from "./doctor.ts";
import { addEventCommands } from "./event-commands.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { addExportCommand } from "./export.ts";
import { withExamples } from "./help-text.ts";
import { addImportCommand } from "./import.ts";
import { addMailCommands } from "./mail-commands.ts";
import { migrate, undoMigration } from "./migrate.ts";
import { addProviderCommands } from "./provider-commands.ts";
import { rebuildSearchIndex } from "./rebuild-search-index.ts";
import { seed } from "./seed.ts";
import { serve } from "./serve.ts";
import { addWebhookCommands } from "./webhook-commands.ts";

const AFTERWORD = `${EXIT_CODES}

Settings are read from the environment and from .env; .env.example explains them all.`;

/** Returns the program with all its commands. */
export function nettleCommand(): Command {
  const program = new Command("nettle")
    .description("Nettle, the Medusa v1 Store API")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError(`Run ${commandLine("help")} for the commands and their options.`);
  withExamples(
    program,
    [
      ["serve", "without DATABASE_URL: an embedded database with a demo shop"],
      ["migrate", "builds the tables, or adopts a database that Medusa 1.20 built"],
      ["apply shop.yaml", "regions, shipping, taxes and discounts from a file"],
      ["import products.csv", "products from Medusa's CSV or from JSON"],
      ["help apply"],
    ],
    AFTERWORD,
  );
  addDatabaseCommands(program);
  addApplyCommand(program);
  addImportCommand(program);
  addExportCommand(program);
  addSearchCommand(program);
  addEventCommands(program);
  addWebhookCommands(program);
  addMailCommands(program);
  addProviderCommands(program);
  addCompareCommand(program);
  return program;
}

function addDatabaseCommands(program: Command): void {
  const serving = program
    .command("serve")
    .description("start the server; without DATABASE_URL with an embedded database and a demo shop")
    .action(() => serve());
  withExamples(serving, [
    ["serve", "a demo shop at http://localhost:9000, or the shop that .env names"],
  ]);
  const migrating = program
    .command("migrate")
    .description("bring the database to this version's schema; adopts one that Medusa 1.20 built")
    .option("--undo", "take Nettle off the database instead: drops what it added, keeps the shop")
    .option(
      "--keep-flags",
      "with --undo: keep what was added for Medusa's feature flags, which are on by now",
    )
    .option("--json", "print the result as JSON; the steps go to standard error")
    .action(({ undo, ...options }: { undo?: true; keepFlags?: true; json?: true }) => {
      if (undo) return undoMigration(options);
      if (options.keepFlags) migrating.error("error: option '--keep-flags' needs '--undo'");
      return migrate(options);
    });
  withExamples(migrating, [
    ["migrate", "once for each new version, while the shop is open"],
    ["migrate --json", "in a script"],
    ["migrate --undo", "goes back to Medusa alone"],
    ["migrate --undo --keep-flags", "the same, if Medusa's flags have been turned on meanwhile"],
  ]);
  const examining = program
    .command("doctor")
    .description("say what is wrong with the configuration, or what an adoption would do")
    .option("--takeover <url>", "read this database of Medusa's and say what `migrate` would do")
    .option("--json", "print the findings as JSON")
    .action((options: { takeover?: string; json?: boolean }) => doctor(options));
  withExamples(
    examining,
    [
      ["doctor", "examines the settings, Redis and the database"],
      ["doctor --takeover postgres://user:password@host:5432/medusa"],
      ["doctor --json"],
    ],
    "Nothing is changed. The exit code is 1 if there is a problem.",
  );
  const seeding = program
    .command("seed")
    .description("fill a new database with the demo shop")
    .option("--json", "print the result as JSON")
    .action((options: { json?: true }) => seed(options));
  withExamples(seeding, [
    ["seed", "after `nettle migrate`, on an empty database"],
    ["seed --json", "with the demo's customer, gift card and publishable key"],
  ]);
}

function addSearchCommand(program: Command): void {
  const search = program.command("search").description("maintain the product search index");
  withExamples(search, [["search rebuild"]]);
  const rebuilding = search
    .command("rebuild")
    .description("rebuild the product search index, while searches go on")
    .option("--json", "print JSON")
    .action((options: { json?: true }) => rebuildSearchIndex(options));
  withExamples(rebuilding, [["search rebuild"], ["search rebuild --json"]]);
}
