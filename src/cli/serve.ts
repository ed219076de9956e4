import closeWithGrace from "close-with-grace";
import { loadConfig } from "../config/config.ts";
import { type RunningServer, start } from "../main.ts";
import { createLog } from "../runtime/log.ts";

/**
 * Starts the server, says where it is, and stops it gracefully on a signal.
 * @throws StartFailure it cannot start
 */
export async function serve(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.logLevel);
  const running = await start(config, log, (reason) => {
    log.fatal(reason);
    process.kill(process.pid, "SIGTERM");
  });
  // A little longer than requests may take, for closing what is behind them.
  closeWithGrace(
    {
      delay: (config.shutdownSeconds + 5) * 1000,
      logger: { error: (words: unknown) => log.error(words) },
    },
    async ({ err, signal }) => {
      if (err) log.fatal({ err }, "Stopping after an error that nobody caught");
      else log.info(`Stopping on ${signal}`);
      await running.stop();
    },
  );
  announce(running);
}

function announce({ url, demo }: RunningServer): void {
  console.log(`\nNettle is at ${url}\n  Reference: ${url}/docs`);
  if (!demo) return;
  console.log(`  Demo shop: ${demo.shop}, in ${demo.directory}`);
  console.log(`  Customer:  ${demo.customer.email} / ${demo.customer.password}`);
  console.log(`  Try:       curl '${url}/store/products?limit=3&fields=title,handle'\n`);
}
