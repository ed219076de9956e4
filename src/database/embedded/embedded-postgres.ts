import { accountFor } from "./account.ts";
import type { Address } from "./address.ts";
import { prepareDirectory, refusedByFileSystem, removeLeftovers } from "./data-directory.ts";
import { ensureCluster, owner } from "./ensure-cluster.ts";
import { findBinaries } from "./find-binaries.ts";
import { launchWhenFree } from "./launch-when-free.ts";
import { ensurePassword } from "./password.ts";

/** A PostgreSQL that runs as long as this process does. */
export interface EmbeddedPostgres {
  /** Where its data lives. */
  readonly directory: string;
  /** What to connect to, in the form of DATABASE_URL. */
  readonly url: string;
  /**
   * Ends it, whoever is connected, and waits until it has ended. May be called twice, and after it
   * has ended by itself.
   */
  stop(): Promise<void>;
}

/** What can be asked of a start. */
export interface EmbeddedPostgresOptions {
  readonly directory: string;
  /** Told in a sentence that PostgreSQL has ended without stop() having been called. */
  readonly onExit?: (reason: string) => void;
}

/**
 * Starts a PostgreSQL on the directory, making its database at the first start. However this
 * process ends, PostgreSQL ends too.
 * @throws StartFailure the directory cannot be used or is in use by another Nettle, holds another
 * version's database, or the programs are missing or do not run here
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
  directory: asked,
  onExit,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await accountFor(asked);
  const directory = await prepareDirectory(asked, account);
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
  return { directory, url: await urlOf(server.address, directory), stop };
}

async function urlOf({ host, port }: Address, directory: string): Promise<string> {
  const password = await ensurePassword(directory);
  const user = password ? `${owner}:${password}` : owner;
  // A host before the path keeps this a URL for every parser; port and sslmode keep PGPORT and
  // PGSSLMODE of the shell out.
  const where = encodeURIComponent(host).replaceAll("%2F", "/");
  return `postgres://${user}@localhost/${owner}?host=${where}&port=${port}&sslmode=disable`;
}
