import type { Config } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { startBesideOthers } from "../main.ts";
import type { Log } from "../runtime/log.ts";
import { letYoungGenerationGrow } from "../runtime/young-generation.ts";
import { isOurs, type ToPrimary, type ToWorker } from "./messages.ts";

/**
 * Serves requests in a worker process once the primary process says so. `stopOnSignal` arranges
 * what happens on a signal; the primary's word to stop counts as one, unless a signal came before,
 * as on a terminal, which sends it to all processes.
 */
export function serveAsWorker(
  config: Config,
  log: Log,
  stopOnSignal: (stop: () => Promise<void>) => void,
): void {
  let isStopping = false;
  process.on("message", (message: unknown) => {
    if (!isOurs<ToWorker>(message)) return;
    if (message.nettle === "stop" && !isStopping) process.kill(process.pid, "SIGTERM");
    if (message.nettle === "serve") void begin(message);
  });
  tell({ nettle: "loaded" });

  async function begin({ database, isFirst }: Extract<ToWorker, { nettle: "serve" }>) {
    try {
      const { url, stop } = await startBesideOthers(config, log, database, isFirst);
      stopOnSignal(async () => {
        isStopping = true;
        await stop();
      });
      letYoungGenerationGrow();
      tell({ nettle: "serving", url });
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      tell({ nettle: "refused", reason: error.message });
    }
  }
}

function tell(message: ToPrimary): void {
  process.send!(message);
}
