import { StartupError } from "../core/startup-error.ts";
import { help } from "./help.ts";
import { migrate } from "./migrate.ts";
import { search } from "./search.ts";
import { seed } from "./seed.ts";
import { serve } from "./serve.ts";

/**
 * What `nettle` can be told to do; each ends when its work is done, `serve` when it is told to
 * stop.
 */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  serve,
  migrate,
  seed,
  search,
  help,
};

async function run(name: string): Promise<void> {
  const command = commands[name];
  if (!command) {
    await help();
    throw new StartupError(`There is no command "${name}".`);
  }
  await command();
}

const HELP = new Set(["help", "--help", "-h"]);

const name = process.argv[2] ?? "help";
run(HELP.has(name) ? "help" : name).catch((error: unknown) => {
  console.error(error instanceof StartupError ? error.message : error);
  process.exitCode = 1;
});
