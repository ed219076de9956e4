import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { acceptsLogins } from "./accepts-logins.ts";
import type { Closers } from "./closers.ts";
import { freePort } from "./redis-server.ts";

const execute = promisify(execFile);
/** Servers refuse to run as root. */
const NOBODY = 65_534;

/**
 * Starts the PostgreSQL of a folder of programs on a port of this machine, with its default
 * settings and an empty database, until the closers end it. Returns its address.
 * @throws Error it does not start, or the run was interrupted
 */
export async function startInstalledPostgres(programs: string, closers: Closers): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nettle-postgres-"));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (account.uid) await chown(folder, NOBODY, NOBODY);
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "shop", "--auth=trust", "-E", "UTF8"];
  await execute(join(programs, "initdb"), words, { ...account, cwd: folder });
  const port = await freePort();
  const settings = `listen_addresses = '127.0.0.1'\nport = ${port}\nmax_connections = 200\n`;
  await appendFile(
    join(data, "postgresql.conf"),
    `${settings}unix_socket_directories = '${folder}'\n`,
  );
  if (closers.isClosing) throw new Error("Interrupted");
  // In a group of its own: Ctrl-C must not end it before the databases are dropped.
  const child = spawn(join(programs, "postgres"), ["-D", data], {
    ...{ ...account, cwd: folder, stdio: "ignore", detached: true },
  });
  closers.add(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
  });
  const url = `postgres://shop@127.0.0.1:${port}/postgres`;
  for (let tries = 0; !(await acceptsLogins(url)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error("PostgreSQL does not start");
    await sleep(100);
  }
  return url;
}
