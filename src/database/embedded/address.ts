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
  /** A directory of this run alone, deleted at its end. */
  readonly scratch: string;
  /** Closes and deletes what was opened. The guard stops PostgreSQL. */
  close(): Promise<void>;
}

/**
 * Returns the path of the socket on which Nettle listens as long as its process lives. Another
 * Nettle connects to it to find out whether this PostgreSQL is an orphan.
 */
export function livenessSocket(socketDirectory: string): string {
  return join(socketDirectory, "nettle");
}

/**
 * Opens a new address to listen on: a socket in a directory of mode 0700 that the account owns, so
 * no port is needed. On Windows: 127.0.0.1 and a free port.
 * @throws StartupError if no directory for temporary files has a path short enough for a socket
 */
export async function openAddress(account: Account): Promise<Address> {
  const scratch = await scratchDirectory();
  await changeOwner(scratch, account);
  const remove = () => rm(scratch, { recursive: true, force: true });
  if (process.platform === "win32")
    return { host: "127.0.0.1", port: await freePort(), scratch, close: remove };
  const server = await listen({ path: livenessSocket(scratch), exclusive: true });
  const close = async () => {
    await new Promise((closed) => server.close(closed));
    await remove();
  };
  return { host: scratch, port: 5432, scratch, close };
}

/** The system's limit for the path of a socket is 103 bytes on macOS, 107 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103;

async function scratchDirectory(): Promise<string> {
  const places = process.platform === "win32" ? [tmpdir()] : ["/tmp", tmpdir()];
  for (const place of places) {
    const example = join(place, "nettle-123456", ".s.PGSQL.5432");
    if (process.platform !== "win32" && Buffer.byteLength(example) > MAX_SOCKET_PATH_BYTES)
      continue;
    const created = await mkdtemp(join(place, "nettle-")).catch(() => undefined);
    if (created) return created;
  }
  throw new StartupError(
    `No socket can be created in ${places.join(" or ")}: ` +
      "set TMPDIR to a writable directory with a short path",
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
