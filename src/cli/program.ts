import { inspect } from "node:util";
import { StartupError } from "../core/startup-error.ts";
import { isStartedByNpx } from "../runtime/command-line.ts";
import { mapPositions } from "../runtime/map-positions.ts";
import { nettleCommand } from "./commands.ts";
import { FAILED } from "./exit-codes.ts";

/** Who tries the package by `npx` wants to see it; anybody else who names no command needs help. */
const usual = isStartedByNpx() ? "serve" : "help";

const words = process.argv.slice(2);
nettleCommand()
  .parseAsync(words.length > 0 ? words : [usual], { from: "user" })
  .catch((error: unknown) => {
    console.error(error instanceof StartupError ? error.message : mapPositions(inspect(error)));
    process.exitCode = FAILED;
  });
