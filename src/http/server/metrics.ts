import { createServer, type Server } from "node:http";
import type { RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { routeOf } from "./request-log.ts";

/** The metrics that Prometheus reads from this process. */
export interface Metrics {
  /** Measures each request by method, route pattern and status. */
  readonly observe: RequestHandler;
  /** Answers `GET /metrics`. It does not listen yet. */
  readonly server: Server;
}

/**
 * Creates the metrics of the process and of its requests. They have a server of their own, so that
 * they are never public by accident.
 */
export function createMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const seconds = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer, by method, route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });
  const observe: RequestHandler = (req, res, next) => {
    const stop = seconds.startTimer();
    res.once("close", () =>
      stop({ method: req.method, route: routeOf(res), status: res.statusCode }),
    );
    next();
  };
  const server = createServer(async (req, res) => {
    const found = req.url === "/metrics";
    res.writeHead(found ? 200 : 404, {
      "content-type": found ? register.contentType : "text/plain",
    });
    res.end(found ? await register.metrics() : "Not found: the metrics are at /metrics\n");
  });
  return { observe, server };
}
