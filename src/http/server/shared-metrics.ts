import type { Registry } from "prom-client";
import type { ReadMetrics } from "./metrics.ts";

/** Gives the metrics of this worker process to the primary process whenever that asks for them. */
export async function shareMetrics(registry: Registry): Promise<void> {
  const { AggregatorRegistry } = await import("prom-client");
  AggregatorRegistry.setRegistries([registry]);
  // It begins to listen for the primary process when it is created.
  new AggregatorRegistry();
}

/** The metrics of all worker processes, as the primary process shows them. */
export interface SharedMetrics {
  /** Adds the metrics of the worker processes up; those of event loops are averages. */
  readonly read: ReadMetrics;
  readonly countRestart: () => void;
}

/** Creates the metrics of worker processes. `countWorkers` returns how many serve at the moment. */
export async function createSharedMetrics(countWorkers: () => number): Promise<SharedMetrics> {
  const { AggregatorRegistry, Counter, Gauge } = await import("prom-client");
  const shared = new AggregatorRegistry();
  const restarts = new Counter({
    name: "nettle_worker_restarts_total",
    help: "Worker processes that ended by themselves and were replaced",
    registers: [shared],
  });
  new Gauge({
    name: "nettle_workers",
    help: "Worker processes that serve requests",
    registers: [shared],
    collect() {
      this.set(countWorkers());
    },
  });
  return {
    read: async () =>
      [await shared.clusterMetrics(), await shared.metrics()].filter(Boolean).join("\n"),
    countRestart: () => restarts.inc(),
  };
}
