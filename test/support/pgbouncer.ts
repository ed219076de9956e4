import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acceptsLogins } from "./accepts-logins.ts";
import { freePort } from "./redis-server.ts";

/** A PgBouncer in front of a database. */
export interface PgBouncer {
  /** The URL of the database through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** It refuses to run as root, and the embedded PostgreSQL's socket belongs to this user. */
const NOBODY = 65_534;

/** Starts a PgBouncer in transaction mode that holds at most `connections` to the database. */
export async function startPgBouncer(
  program: string,
  databaseUrl: string,
  connections: number,
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "nettle-pgbouncer-"));
  const file = join(folder, "pgbouncer.ini");
  const port = await freePort();
  await writeFile(file, configuration(new URL(databaseUrl), port, connections));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) for (const path of [folder, file]) await chown(path, NOBODY, NOBODY);
  await chmod(folder, 0o700);
  const child = spawn(program, [file], {
    ...(asRoot && { uid: NOBODY, gid: NOBODY }),
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  const url = `postgres://shop@127.0.0.1:${port}/shop`;
  for (let tries = 0; !(await acceptsLogins(url)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error("pgbouncer does not start");
    await sleep(50);
  }
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

function configuration(url: URL, port: number, connections: number): string {
  const host = url.searchParams.get("host") ?? url.hostname;
  const target = {
    host,
    port: url.searchParams.get("port") ?? (url.port || "5432"),
    dbname: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    ...(url.password && { password: decodeURIComponent(url.password) }),
  };
  const words = Object.entries(target).map(([name, value]) => `${name}=${value}`);
  return [
    "[databases]",
    `shop = ${words.join(" ")}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    `default_pool_size = ${connections}`,
    "",
  ].join("\n");
}
