import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { changeOwner } from "./account.ts";
import type { Binaries } from "./find-binaries.ts";
import { passwordArguments, requirePassword } from "./password.ts";
import type { Account } from "./run.ts";
import { run } from "./run.ts";

/** Name of the user and of the database. */
export const owner = "nettle";

/**
 * Ensures that the directory holds a database cluster of this version and returns its path. A new
 * one is built under another name and then renamed, so an interrupted start leaves nothing that
 * looks finished.
 * @throws StartupError if the directory holds a cluster of another version or other files, or if no
 * cluster could be created
 */
export async function ensureCluster(
  directory: string,
  binaries: Binaries,
  account: Account,
): Promise<string> {
  const cluster = join(directory, "postgres");
  let version = await versionOf(cluster);
  if (!version) {
    await build(directory, cluster, binaries, account);
    version = await versionOf(cluster);
  }
  if (!version)
    throw new StartupError(
      `${cluster} is not a PostgreSQL database: move it away, ` +
        "or set NETTLE_DATA to another directory",
    );
  if (version !== binaries.major) {
    throw new StartupError(
      `The database in ${cluster} was created by PostgreSQL ${version}, but the embedded one ` +
        `is ${binaries.major}: move it away, or serve it with a PostgreSQL ${version} ` +
        "and set DATABASE_URL",
    );
  }
  // If another PostgreSQL serves it, the next start tries again.
  await requirePassword(cluster, directory, { binaries, owner, account });
  return cluster;
}

async function versionOf(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function build(
  directory: string,
  cluster: string,
  binaries: Binaries,
  account: Account,
): Promise<void> {
  const unfinished = await mkdtemp(`${cluster}.new-`);
  try {
    await changeOwner(unfinished, account);
    const failure =
      (await initialise(unfinished, directory, binaries, account)) ??
      (await createDatabase(unfinished, binaries, account)) ??
      (await requirePassword(unfinished, directory, { binaries, owner, account }));
    if (!failure) return await rename(unfinished, cluster);
    throw new StartupError(`No database could be created in ${directory}: ${failure}`);
  } catch (error) {
    // If a concurrent start was faster, its database serves as well. If other files are in the way,
    // the caller reports it.
    if (!isTaken(error) && !(await versionOf(cluster))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isTaken(error: unknown): boolean {
  return ["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/**
 * The first of these locales that the system has decides which characters are letters (for
 * trigrams). Sorting and case come from PostgreSQL itself.
 */
const CHARACTER_TYPES = ["C.UTF-8", "en_US.UTF-8", "C"];

async function initialise(
  cluster: string,
  directory: string,
  binaries: Binaries,
  account: Account,
): Promise<string | undefined> {
  let failure: string | undefined;
  const common = [
    ...["-D", cluster, "-U", owner],
    ...["--encoding=UTF8", "--locale=C"],
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...["--auth-local=trust", "--auth-host=scram-sha-256"],
    ...["--wal-segsize=1", "-c", "timezone=UTC", "-c", "log_timezone=UTC"],
    ...(await passwordArguments(directory)),
  ];
  for (const type of CHARACTER_TYPES) {
    const { code, output } = await run(binaries.initdb, [...common, `--lc-ctype=${type}`], {
      account,
      cwd: directory,
    });
    if (code === 0) return undefined;
    failure = lastError(output);
    if (!/invalid locale/.test(output)) break;
  }
  return failure;
}

async function createDatabase(
  cluster: string,
  binaries: Binaries,
  account: Account,
): Promise<string | undefined> {
  const { code, output } = await run(
    binaries.postgres,
    ["--single", "-j", "-D", cluster, "postgres"],
    {
      account,
      cwd: cluster,
      input: `CREATE DATABASE ${owner};\n\n`,
    },
  );
  return code === 0 && !/(ERROR|FATAL|PANIC):/.test(output) ? undefined : lastError(output);
}

function lastError(output: string): string {
  const lines = output.trim().split("\n");
  return (
    lines.findLast((line) => /error:|ERROR:|FATAL:|PANIC:/.test(line)) ??
    lines.at(-1) ??
    ""
  ).trim();
}
