import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { acceptsLogins } from "./accepts-logins.ts";

const execute = promisify(execFile);

/** Servers refuse to run as root. */
const NOBODY = 65_534;
const account = process.getuid?.() === 0 ? ({ uid: NOBODY, gid: NOBODY } as const) : ({} as const);

/** One PostgreSQL server. */
export interface Server {
  readonly url: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A primary and a replica that streams from it. */
export interface StreamingPair {
  readonly primary: Server;
  readonly replica: Server;
  remove(): Promise<void>;
}

const programsRoot = "/usr/lib/postgresql";

/**
 * Returns the directory of the programs of a complete PostgreSQL, as Debian installs it. Without
 * one, the tests that need it are skipped with a warning; where CI is set, that is an error.
 */
export async function findPostgresPrograms(): Promise<string | undefined> {
  const found = await installedPrograms();
  if (!found && process.env["CI"]) throw new Error(`CI needs pg_basebackup below ${programsRoot}`);
  if (!found) console.warn("pg_basebackup is not installed: the tests that need it are skipped");
  return found;
}

/** Returns that directory, or undefined if there is none. */
export async function installedPrograms(): Promise<string | undefined> {
  const versions = existsSync(programsRoot) ? await readdir(programsRoot) : [];
  return versions
    .map((version) => join(programsRoot, version, "bin"))
    .find((directory) => existsSync(join(directory, "pg_basebackup")));
}

/** Starts a primary with an empty database, and a replica of it. */
export async function startStreamingPair(programs: string): Promise<StreamingPair> {
  const folder = await mkdtemp(join(tmpdir(), "nettle-pair-"));
  if (account.uid) await chown(folder, account.uid, account.gid);
  const run = (program: string, ...words: string[]) =>
    execute(join(programs, program), words, { ...account, cwd: folder });
  const [first, second] = [join(folder, "primary"), join(folder, "replica")];
  await run("initdb", "-D", first, "-U", "shop", "--auth=trust", "--no-sync", "-E", "UTF8");
  await appendFile(join(first, "postgresql.conf"), settings(folder));
  const primary = serverIn(programs, first, folder, 5433);
  await primary.start();
  await run("createdb", "-h", folder, "-p", "5433", "-U", "shop", "shop");
  const source = ["-h", folder, "-p", "5433", "-U", "shop"];
  await run("pg_basebackup", ...source, "-D", second, "-R", "-X", "stream", "-c", "fast", "-N");
  const replica = serverIn(programs, second, folder, 5434);
  await replica.start();
  return {
    primary,
    replica,
    remove: async () => {
      await Promise.all([primary.kill(), replica.kill()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settings(folder: string): string {
  return [
    "listen_addresses = ''",
    `unix_socket_directories = '${folder}'`,
    "fsync = off",
    "wal_receiver_status_interval = 1s",
    "",
  ].join("\n");
}

function serverIn(programs: string, data: string, folder: string, port: number): Server {
  const url = `postgres://shop@localhost/shop?host=${encodeURIComponent(folder)}&port=${port}`;
  let stop = async () => {};
  const start = async () => {
    const child = spawn(join(programs, "postgres"), ["-D", data, "-p", String(port)], {
      ...account,
      cwd: folder,
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    stop = async () => {
      // An immediate shutdown: as after a crash, but no child process is left behind.
      child.kill("SIGQUIT");
      await ended;
    };
    const server = url.replace("/shop?", "/postgres?");
    for (let tries = 0; !(await acceptsLogins(server)); tries++) {
      if (tries > 200 || child.exitCode !== null) throw new Error("PostgreSQL does not start");
      await sleep(50);
    }
  };
  return { url, start, kill: () => stop() };
}
