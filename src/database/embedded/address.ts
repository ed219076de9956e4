import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { changeOwner } from "./account.ts";
import type { Account } from "./run.ts";

/** Where one run of PostgreSQL listens. */
export interface Address {
  /** A socket's directory, or 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  /** The directory that this run has for itself and leaves behind for nobody. */
  readonly scratch: string;
  /** Takes back what was opened; PostgreSQL's own end is the guard's business. */
  close(): Promise<void>;
}

/**
 * Listened on by Nettle as long as it lives, whatever kills it: how others know that this
 * PostgreSQL is not an orphan.
 */
export function lifeLine(socketDirectory: string): string {
  return join(socketDirectory, "nettle");
}

/**
 * A fresh place to listen: a socket in a directory of mode 0700 that the account owns, so no port
 * and no password are needed. Windows has 127.0.0.1 and a free port.
 * @throws StartFailure there is no directory for temporary files with a path short enough for a
 * socket
 */
export async function openAddress(account: Account): Promise<Address> {
  const scratch = await scratchDirectory();
  await changeOwner(scratch, account);
  const remove = () => rm(scratch, { recursive: true, force: true });
  if (process.platform === "win32")
    return { host: "127.0.0.1", port: await freePort(), scratch, close: remove };
  const server = await listen({ path: lifeLine(scratch), exclusive: true });
  const close = async () => {
    await new Promise((closed) => server.close(closed));
    await remove();
  };
  return { host: scratch, port: 5432, scratch, close };
}

/** The system's limit for a socket's path is 103 bytes on macOS, 107 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103;

async function scratchDirectory(): Promise<string> {
  const places = process.platform === "win32" ? [tmpdir()] : ["/tmp", tmpdir()];
  for (const place of places) {
    const example = join(place, "nettle-123456", ".s.PGSQL.5432");
    if (process.platform !== "win32" && Buffer.byteLength(example) > MAX_SOCKET_PATH_BYTES)
      continue;
    const made = await mkdtemp(join(place, "nettle-")).catch(() => undefined);
    if (made) return made;
  }
  throw new StartupError(
    `No socket can be made in ${places.join(" or ")}: set TMPDIR to a directory with a short path that can be written`,
  );
}

function listen(
  where: { path: string; exclusive: true } | { port: number; host: string },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject).listen(where, () => resolve(server));
  });
}

async function freePort(): Promise<number> {
  const server = await listen({ port: 0, host: "127.0.0.1" });
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address ? address.port : 5432;
}
