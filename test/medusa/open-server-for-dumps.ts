import { Closers } from "../support/closers.ts";
import { openServer } from "../support/global-setup.ts";
import { startInstalledPostgres } from "../support/installed-postgres.ts";
import { installedPrograms } from "../support/streaming-replica.ts";
import { obstacleToDump } from "./takeover/schema-dump.ts";

/**
 * Returns TEST_DATABASE_URL, or starts a PostgreSQL for this run: the embedded one, or the
 * machine's own where `pg_dump` is too old for that. Some tests compare the dumps of a database;
 * they say what is missing if neither can be dumped.
 * @throws Error it does not start
 */
export async function openServerForDumps(): Promise<{ server: string; stop: () => Promise<void> }> {
  const opened = await openServer();
  if (process.env["TEST_DATABASE_URL"] || !(await obstacleToDump(opened.server))) return opened;
  const programs = await installedPrograms();
  if (!programs) return opened;
  await opened.stop();
  console.log(`The embedded PostgreSQL is newer than pg_dump: ${programs} is started instead`);
  const closers = new Closers();
  try {
    return {
      server: await startInstalledPostgres(programs, closers),
      stop: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
