import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler, Response } from "express";
import type { Log } from "../../runtime/log.ts";
import type { LogRequest } from "./request-lines.ts";

declare module "http" {
  interface IncomingMessage {
    /** The id under which the request is logged. */
    id: string;
    log: Log;
  }
}

/** A request id that is safe to log and to return. */
const SAFE_ID = /^[\w.:-]{1,64}$/;
/** Probes request these every few seconds. */
const PROBES = new Set(["/health", "/ready"]);

/**
 * Logs one line for each request: its id, method, route pattern, status and duration in
 * milliseconds. URLs, headers and bodies contain personal data and are not logged. Uses the
 * `X-Request-Id` of the request if it is safe, otherwise a new one, and returns it in the answer.
 */
export function requestLog(log: Log, logRequest: LogRequest): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    const request = requestIdOf(req);
    req.id = request;
    req.log = log;
    res.setHeader("X-Request-Id", request);
    if (!PROBES.has(req.url))
      res.once("close", () => {
        const { method } = req;
        const { statusCode: status, writableFinished: isSent } = res;
        const ms = Math.round(performance.now() - start);
        logRequest({ request, method, route: routeOf(res), status, ms, isSent });
      });
    next();
  };
}

/** Returns the id of a request: its own if it is safe, otherwise a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const sent = headers["x-request-id"];
  return typeof sent === "string" && SAFE_ID.test(sent) ? sent : randomUUID();
}

/** Returns the pattern of the matched route (`/store/carts/:id`), for logs and metrics. */
export function routeOf(res: ServerResponse): string {
  return (res as Response).locals?.["route"] ?? "(none)";
}
