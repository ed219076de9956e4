import type { Config } from "../config/config.ts";
import { countForWorkers } from "../http/limits/primary-counters.ts";
import { serveMetrics } from "../http/server/metrics.ts";
import { createSharedMetrics } from "../http/server/shared-metrics.ts";
import type { RunningServer } from "../main.ts";
import { type Closers, closeAll, prepareDatabase } from "../prepare-database.ts";
import type { Log } from "../runtime/log.ts";
import { WorkerPool } from "./worker-pool.ts";

interface Options {
  /** Called with a sentence if the embedded database ends by itself. */
  readonly onLost: (reason: string) => void;
  /** How long the worker processes may take to stop. */
  readonly stopSeconds: number;
}

/**
 * Starts the server in several processes. This one, the primary, prepares the database once, holds
 * an embedded one, shows the metrics of all and replaces what ends; it answers no request itself.
 * @throws StartupError if a person can fix the cause; what was opened by then is closed again
 */
export async function startWorkerProcesses(
  config: Config,
  log: Log,
  { onLost, stopSeconds }: Options,
): Promise<RunningServer> {
  const closers: Closers = [];
  try {
    const { knex, url: databaseUrl, demo } = await prepareDatabase(config, log, onLost, closers);
    await knex.destroy();
    const metrics = await createSharedMetrics(() => pool.size);
    const pool = new WorkerPool({
      count: config.workers,
      database: { url: databaseUrl, demo },
      log,
      onRestart: metrics.countRestart,
    });
    if (config.metrics.port !== undefined)
      closers.push(await serveMetrics(metrics.read, config.metrics, log));
    countForWorkers();
    const url = await pool.start();
    closers.push(() => pool.stop(stopSeconds));
    return { url, demo, stop: () => closeAll(closers, log) };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}
