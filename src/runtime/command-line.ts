import { existsSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, relative } from "node:path";
import { projectRoot } from "./project-root.ts";

/** How this program was started, as far as that decides how it can be started again. */
export interface Start {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file that Node runs. */
  readonly file: string;
  readonly directory: string;
  /** The directory of our package.json. */
  readonly root: string;
}

/**
 * Returns how a person runs a command of this program where they started it, between backticks:
 * `npm run nettle -- migrate` in a checkout, `nettle migrate` where that is on the PATH, otherwise
 * by Node and the path of the program.
 */
export function commandLine(command: string): string {
  const [, file = ""] = process.argv;
  const start = { environment: process.env, file, directory: process.cwd(), root: projectRoot() };
  return `\`${commandLineFor(command, start)}\``;
}

/** Returns whether `npx` (or `npm exec`) started this program. */
export const isStartedByNpx = (): boolean => process.env["npm_command"] === "exec";

/** Returns how a command is run after a start like this one, without backticks. */
export function commandLineFor(command: string, start: Start): string {
  const { environment, directory, root } = start;
  const program = programOf(start);
  if (isOnPath(environment["PATH"] ?? "", program)) return `nettle ${command}`;
  // npm says whose script it runs. That of another project is no way to run ours.
  const isOwnScript =
    environment["npm_package_json"] === join(root, "package.json") &&
    environment["npm_command"] !== "exec";
  if (isOwnScript) return `npm run nettle -- ${command}`;
  const path = relative(directory, program);
  const shown = path.startsWith("..") || isAbsolute(path) ? program : path;
  return `node ${/\s/.test(shown) ? `"${shown}"` : shown} ${command}`;
}

/** A test or a build tool may run our code, too; then the program is the one that we build. */
function programOf({ file, root }: Start): string {
  const real = realOf(file);
  return real && basename(real) === "nettle.js" && real.startsWith(join(root, "/"))
    ? real
    : join(root, "dist", "nettle.js");
}

/** What npm adds to the PATH of its scripts is not there in a terminal. */
function isOnPath(path: string, program: string): boolean {
  return path
    .split(delimiter)
    .filter((directory) => directory && !isOfNpm(directory))
    .some((directory) => realOf(join(directory, "nettle")) === program);
}

function isOfNpm(directory: string): boolean {
  return (
    /node-gyp-bin/.test(directory) ||
    (basename(directory) === ".bin" && basename(dirname(directory)) === "node_modules")
  );
}

function realOf(file: string): string | undefined {
  return existsSync(file) ? realpathSync(file) : undefined;
}
