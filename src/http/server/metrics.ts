import { createServer } from "node:http";
import type { RequestHandler } from "express";
import type { Registry } from "prom-client";
import type { CatalogueMemory } from "../../catalogue-memory/catalogue-memory.ts";
import type { Log } from "../../runtime/log.ts";
import { closeGracefully } from "./close-gracefully.ts";
import { listen } from "./create-http-server.ts";
import { routeOf } from "./request-log.ts";

/** The metrics that Prometheus reads from this process. */
export interface Metrics {
  /** Measures each request by method, route pattern and status. */
  readonly observe: RequestHandler;
  /** Measures a request that was answered in front of Express. */
  record(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** Shows what the memory of the catalogue does. */
  watch(memory: CatalogueMemory): Promise<void>;
  readonly registry: Registry;
  readonly read: ReadMetrics;
}

/** Returns all metrics as Prometheus's text. */
export type ReadMetrics = () => Promise<string>;

const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** Creates the metrics of the process and of its requests. */
export async function createMetrics(): Promise<Metrics> {
  // Loaded only where there are metrics: a shop without them starts faster.
  const { collectDefaultMetrics, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer, by method, route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const observe: RequestHandler = (req, res, next) => {
    const stop = seconds.startTimer();
    res.once("close", () =>
      stop({ method: req.method, route: routeOf(res), status: res.statusCode }),
    );
    next();
  };
  return {
    observe,
    record: (labels, taken) => seconds.observe(labels, taken),
    watch: (memory) => watchMemory(registry, memory),
    registry,
    read: () => registry.metrics(),
  };
}

async function watchMemory(registry: Registry, memory: CatalogueMemory): Promise<void> {
  const { Counter, Gauge } = await import("prom-client");
  const registers = [registry];
  for (const name of ["hits", "misses", "drops"] as const) {
    new Counter({
      name: `catalogue_memory_${name}_total`,
      help: `Catalogue answers in memory: ${name}`,
      registers,
      collect() {
        this.reset();
        this.inc(memory.counts[name]);
      },
    });
  }
  new Gauge({
    name: "catalogue_memory_bytes",
    help: "Bytes of catalogue answers in memory",
    registers,
    collect() {
      this.set(memory.bytes);
    },
  });
}

/**
 * Serves `GET /metrics` on a port of its own, so that metrics are never public by accident. Returns
 * the function that stops it.
 * @throws StartupError if the port is in use or not permitted
 */
export async function serveMetrics(
  read: ReadMetrics,
  { port, host }: { readonly port: number | undefined; readonly host: string },
  log: Log,
): Promise<() => Promise<void>> {
  const server = createServer(async (req, res) => {
    const [status, type, text] = await answerTo(req.url, read);
    res.writeHead(status, { "content-type": type });
    res.end(text);
  });
  const listening = await listen(server, port ?? 0, host);
  log.info({ event: "metrics_listening", host, port: listening }, "Metrics are served");
  return () => closeGracefully(server, 1);
}

async function answerTo(
  path: string | undefined,
  read: ReadMetrics,
): Promise<readonly [status: number, type: string, text: string]> {
  if (path !== "/metrics") return [404, "text/plain", "Not found: the metrics are at /metrics\n"];
  try {
    return [200, PROMETHEUS_TEXT, await read()];
  } catch {
    return [503, "text/plain", "The metrics cannot be read at the moment\n"];
  }
}
