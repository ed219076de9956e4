import closeWithGrace from "close-with-grace";
import { loadConfig } from "../config/config.ts";
import { type RunningServer, start } from "../main.ts";
import { createLog } from "../runtime/log.ts";

/** Seconds beyond SHUTDOWN_SECONDS, for closing what is behind the HTTP server. */
const CLOSE_SECONDS = 5;

/**
 * Starts the server, prints its address, and stops it gracefully on a signal.
 * @throws StartupError if the server cannot start
 */
export async function serve(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.logLevel);
  const running = await start(config, log, (reason) => {
    log.fatal({ event: "embedded_database_lost" }, reason);
    process.kill(process.pid, "SIGTERM");
  });
  closeWithGrace(
    {
      delay: (config.shutdownSeconds + CLOSE_SECONDS) * 1000,
      logger: {
        error: (cause: unknown) =>
          log.error({ event: "shutdown_failed", err: cause }, "Shutting down failed"),
      },
    },
    async ({ err, signal }) => {
      if (err) log.fatal({ event: "uncaught_error", err }, "Stopping after an uncaught error");
      else log.info({ event: "shutdown_started", signal }, `Stopping on ${signal}`);
      await running.stop();
    },
  );
  announceAddress(running);
}

function announceAddress({ url, demo }: RunningServer): void {
  console.log(`\nNettle is at ${url}\n  Reference: ${url}/docs`);
  if (!demo) return;
  console.log(`  Demo shop: ${demo.shop}, in ${demo.directory}`);
  console.log(`  Customer:  ${demo.customer.email} / ${demo.customer.password}`);
  console.log(`  Try:       curl '${url}/store/products?limit=3&fields=title,handle'\n`);
}
