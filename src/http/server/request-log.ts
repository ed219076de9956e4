import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Response } from "express";
import { pinoHttp } from "pino-http";
import type { Log } from "../../runtime/log.ts";

/** A request id that is safe to log and to send back. */
const SANE_ID = /^[\w.:-]{1,64}$/;

/**
 * One line a request: its id, method, route pattern, status and milliseconds. Addresses, query
 * values, headers and bodies hold personal data and stay out. A sane `X-Request-Id` is kept, others
 * get one, and the answer repeats it.
 */
export function requestLog(log: Log) {
  return pinoHttp({
    logger: log,
    genReqId: (req, res) => {
      const sent = req.headers["x-request-id"];
      const id = typeof sent === "string" && SANE_ID.test(sent) ? sent : randomUUID();
      res.setHeader("X-Request-Id", id);
      return id;
    },
    quietReqLogger: true,
    // Asked every few seconds by whatever watches the process.
    autoLogging: { ignore: (req) => req.url === "/health" || req.url === "/ready" },
    customAttributeKeys: { reqId: "request" },
    serializers: { req: () => undefined, res: () => undefined },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? "error" : "info"),
    customSuccessObject: (req, res, value) => ({ ...described(req, res), ms: value.responseTime }),
    // The error itself is logged where it becomes an answer.
    customErrorObject: (req, res, _error, value) => ({
      ...described(req, res),
      ms: value.responseTime,
    }),
    customSuccessMessage: (_req, res) => (res.writableEnded ? "answered" : "left"),
    customErrorMessage: () => "failed",
  });
}

function described(req: IncomingMessage, res: ServerResponse) {
  return { method: req.method, route: routeOf(res), status: res.statusCode };
}

/** The pattern of the route that answered (`/store/carts/:id`), as logs and metrics name it. */
export function routeOf(res: ServerResponse): string {
  return (res as Response).locals?.["route"] ?? "(none)";
}
