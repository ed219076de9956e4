import cluster from "node:cluster";
import closeWithGrace from "close-with-grace";
import { type Config, loadConfig } from "../config/config.ts";
import { mustBeFree } from "../http/server/create-http-server.ts";
import { type RunningServer, start } from "../main.ts";
import { serveAsWorker } from "../processes/serve-as-worker.ts";
import { startWorkerProcesses } from "../processes/start-worker-processes.ts";
import { createLog, isPretty, type Log } from "../runtime/log.ts";
import { letYoungGenerationGrow } from "../runtime/young-generation.ts";
import { type Fact, startFacts, startTable } from "./start-table.ts";

/** Seconds beyond SHUTDOWN_SECONDS, for closing what is behind the HTTP server. */
const CLOSE_SECONDS = 5;

/**
 * Starts the server, in this process or in several, prints its address, and stops it gracefully on
 * a signal.
 * @throws StartupError if the server cannot start
 */
export async function serve(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.logLevel, { format: config.logFormat });
  const seconds = config.shutdownSeconds + CLOSE_SECONDS;
  if (cluster.isWorker)
    return serveAsWorker(config, log, (stop) => stopOnSignal(seconds, log, stop));
  await mustBeFree(config.port, config.host);
  await serveAndAnnounce(config, log, seconds);
}

async function serveAndAnnounce(config: Config, log: Log, seconds: number): Promise<void> {
  const onLost = (reason: string) => {
    log.fatal({ event: "embedded_database_lost" }, reason);
    process.kill(process.pid, "SIGTERM");
  };
  const running =
    config.workers === 1
      ? await start(config, log, onLost)
      : await startWorkerProcesses(config, log, { onLost, stopSeconds: seconds });
  // The worker processes have `seconds`, and the primary process some more to close what is behind.
  stopOnSignal(config.workers === 1 ? seconds : seconds + CLOSE_SECONDS, log, running.stop);
  letYoungGenerationGrow();
  // What was told at the start comes before the address.
  await new Promise<void>((done) => log.flush(() => done()));
  announceStart(config, log, running);
}

function stopOnSignal(seconds: number, log: Log, stop: () => Promise<void>): void {
  closeWithGrace(
    {
      delay: seconds * 1000,
      logger: {
        error: (cause: unknown) =>
          log.error({ event: "shutdown_failed", err: cause }, "Shutting down failed"),
      },
    },
    async ({ err, signal }) => {
      if (err) log.fatal({ event: "uncaught_error", err }, "Stopping after an uncaught error");
      else log.info({ event: "shutdown_started", signal }, `Stopping on ${signal}`);
      await stop();
    },
  );
}

/** Prints a table for a reader, or one entry of the log. */
function announceStart(config: Config, log: Log, running: RunningServer): void {
  const facts = startFacts(config, running);
  if (isPretty(config.logFormat)) console.log(startTable(running.url, facts));
  else
    log.info(
      { event: "server_started", ...Object.fromEntries(facts.map(toField)) },
      `Nettle is at ${running.url}`,
    );
}

/** A field of the log is named like `gift_card`. */
function toField([name, value]: Fact): Fact {
  return [name.toLowerCase().replaceAll(" ", "_"), value];
}
