import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { StartupError } from "../core/startup-error.ts";
import type { PreparedDatabase } from "../prepare-database.ts";
import type { Log } from "../runtime/log.ts";
import { isOurs, type ToPrimary, type ToWorker } from "./messages.ts";
import { RestartDelays } from "./restart-delays.ts";

interface PoolOptions {
  readonly count: number;
  readonly database: PreparedDatabase;
  readonly log: Log;
  /** Called when a worker process that ended by itself is replaced. */
  readonly onRestart: () => void;
}

/**
 * The worker processes of this primary process. Node accepts their connections here and hands them
 * out in turn. One that ends by itself is replaced, after a delay that grows while they keep
 * ending.
 */
export class WorkerPool {
  readonly #serving = new Set<Worker>();
  readonly #delays = new RestartDelays();
  readonly #stopping = new AbortController();

  constructor(private readonly options: PoolOptions) {}

  /** How many serve requests. */
  get size(): number {
    return this.#serving.size;
  }

  /**
   * Starts the first one, which finds out whether the settings are right, then the others. Returns
   * their address, which all of them share.
   * @throws StartupError if one of them cannot start; the others are ended
   */
  async start(): Promise<string> {
    try {
      const first = this.#fork(true);
      const url = await first.serving;
      const others = Array.from({ length: this.options.count - 1 }, () => this.#fork(false));
      await Promise.all(others.map(({ serving }) => serving));
      for (const { worker } of [first, ...others]) this.#replaceWhenEnded(worker);
      return url;
    } catch (error) {
      this.#stopping.abort();
      for (const worker of allWorkers()) worker.process.kill("SIGKILL");
      throw error;
    }
  }

  /** Lets all of them finish their requests. What has not ended after `seconds` is killed. */
  async stop(seconds: number): Promise<void> {
    this.#stopping.abort();
    const workers = allWorkers();
    for (const worker of workers) if (worker.isConnected()) tell(worker, { nettle: "stop" });
    const done = new AbortController();
    const late = sleep(seconds * 1000, undefined, { signal: done.signal }).then(
      () => workers.filter((worker) => !worker.isDead()),
      () => [],
    );
    void late.then((left) => {
      for (const worker of left) this.#kill(worker);
    });
    await Promise.all(workers.map(ended));
    done.abort();
  }

  #kill(worker: Worker): void {
    this.options.log.error(
      { event: "worker_killed", worker_pid: worker.process.pid },
      "A worker process did not stop in time and is killed",
    );
    worker.process.kill("SIGKILL");
  }

  /** Starts a worker process. `serving` is its address, or why it does not serve. */
  #fork(isFirst: boolean): { readonly worker: Worker; readonly serving: Promise<string> } {
    const worker = cluster.fork();
    const serving = new Promise<string>((resolve, reject) => {
      worker.once("exit", (code, signal) => {
        this.#serving.delete(worker);
        const end = signal ?? `code ${code}`;
        reject(new StartupError(`A worker process ended with ${end} before it served.`));
      });
      worker.on("message", (message: unknown) => {
        if (!isOurs<ToPrimary>(message)) return;
        if (message.nettle === "loaded")
          tell(worker, { nettle: "serve", database: this.options.database, isFirst });
        if (message.nettle === "refused") reject(new StartupError(message.reason));
        if (message.nettle === "serving") {
          this.#serving.add(worker);
          resolve(message.url);
        }
      });
    });
    return { worker, serving };
  }

  #replaceWhenEnded(worker: Worker): void {
    const since = performance.now();
    void ended(worker).then(() => {
      if (this.#stopping.signal.aborted) return;
      const { exitCode: code, signalCode: signal, pid } = worker.process;
      const delay = this.#delays.next(performance.now() - since);
      this.options.log.error(
        { event: "worker_ended", worker_pid: pid, code, signal, restart_in_ms: delay },
        "A worker process ended by itself and is replaced",
      );
      this.options.onRestart();
      return this.#replace(delay);
    });
  }

  /** Tries until a worker process serves, or all of them are stopped. */
  async #replace(firstDelay: number): Promise<void> {
    const { signal } = this.#stopping;
    for (let delay = firstDelay; ; delay = this.#delays.next(0)) {
      await sleep(delay, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const { worker, serving } = this.#fork(false);
      try {
        await serving;
        return this.#replaceWhenEnded(worker);
      } catch (error) {
        worker.process.kill("SIGKILL");
        if (signal.aborted) return;
        this.options.log.error(
          { event: "worker_start_failed", worker_pid: worker.process.pid, err: error },
          "A worker process could not be started; it is tried again after a delay",
        );
      }
    }
  }
}

function tell(worker: Worker, message: ToWorker): void {
  // It may end meanwhile, which is noticed by its exit.
  worker.send(message, () => undefined);
}

function allWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) resolve();
    else worker.once("exit", () => resolve());
  });
}
