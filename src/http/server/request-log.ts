import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Response } from "express";
import { pinoHttp } from "pino-http";
import type { Log } from "../../runtime/log.ts";

/** A request id that is safe to log and to return. */
const SAFE_ID = /^[\w.:-]{1,64}$/;

/**
 * Logs one line for each request: its id, method, route pattern, status and duration in
 * milliseconds. URLs, headers and bodies contain personal data and are not logged. Uses the
 * `X-Request-Id` of the request if it is safe, otherwise a new one, and returns it in the answer.
 */
export function requestLog(log: Log) {
  return pinoHttp({
    logger: log,
    genReqId: (req, res) => {
      const sent = req.headers["x-request-id"];
      const id = typeof sent === "string" && SAFE_ID.test(sent) ? sent : randomUUID();
      res.setHeader("X-Request-Id", id);
      return id;
    },
    quietReqLogger: true,
    // Probes request these every few seconds.
    autoLogging: { ignore: (req) => req.url === "/health" || req.url === "/ready" },
    customAttributeKeys: { reqId: "request" },
    serializers: { req: () => undefined, res: () => undefined },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? "error" : "info"),
    customSuccessObject: (req, res, value) => describe(req, res, value.responseTime),
    // The error itself is logged where it is turned into an answer.
    customErrorObject: (req, res, _error, value) => describe(req, res, value.responseTime),
    customSuccessMessage: (_req, res) =>
      res.writableEnded ? "Request answered" : "Request aborted by the client",
    customErrorMessage: () => "Request failed",
  });
}

function describe(req: IncomingMessage, res: ServerResponse, ms: number) {
  const { method } = req;
  return { event: "request", method, route: routeOf(res), status: res.statusCode, ms };
}

/** Returns the pattern of the matched route (`/store/carts/:id`), for logs and metrics. */
export function routeOf(res: ServerResponse): string {
  return (res as Response).locals?.["route"] ?? "(none)";
}
