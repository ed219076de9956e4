import { accountFor } from "./account.ts";
import type { Address } from "./address.ts";
import { prepareDirectory, refusedByFileSystem, removeLeftovers } from "./data-directory.ts";
import { ensureCluster, owner } from "./ensure-cluster.ts";
import { findBinaries } from "./find-binaries.ts";
import { launchWhenFree } from "./launch-when-free.ts";
import { ensurePassword } from "./password.ts";
import type { Account } from "./run.ts";

/** A PostgreSQL that runs as long as this process does. */
export interface EmbeddedPostgres {
  /** The directory of its data. */
  readonly directory: string;
  /** Its address, in the form of DATABASE_URL. */
  readonly url: string;
  /**
   * Stops it, even if clients are connected, and waits for its end. May be called twice, and after
   * it has ended by itself.
   */
  stop(): Promise<void>;
}

/** Options of a start. */
export interface EmbeddedPostgresOptions {
  readonly directory: string;
  /** Called with a sentence if PostgreSQL ends without a call of `stop`. */
  readonly onExit?: (reason: string) => void;
}

/**
 * Starts a PostgreSQL on the directory; the first start creates its database. When this process
 * ends for any reason, PostgreSQL ends, too.
 * @throws StartupError if the directory cannot be used, is in use by another Nettle, or holds a
 * database of another version, or if the programs are missing or do not run on this system
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    throw refusedByFileSystem(options.directory, error);
  }
}

async function start({
  directory: requested,
  onExit,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await accountFor(requested);
  const directory = await prepareDirectory(requested, account);
  const binaries = await findBinaries(directory, account);
  const cluster = await ensureCluster(directory, binaries, account);
  const server = await launchWhenFree({ directory, cluster, binaries, account });
  await removeLeftovers(directory, binaries.copyName);
  let stopping = false;
  void server.ended.then((reason) => stopping || onExit?.(reason));
  const stop = async () => {
    stopping = true;
    server.end();
    await server.ended;
  };
  return { directory, url: await urlOf(server.address, directory, account), stop };
}

async function urlOf(
  { host, port }: Address,
  directory: string,
  account: Account,
): Promise<string> {
  const password = await ensurePassword(directory, account);
  const user = password ? `${owner}:${password}` : owner;
  // A host before the path makes this a URL for every parser. Port and sslmode override PGPORT and
  // PGSSLMODE of the shell.
  const socket = encodeURIComponent(host).replaceAll("%2F", "/");
  return `postgres://${user}@localhost/${owner}?host=${socket}&port=${port}&sslmode=disable`;
}
