import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request, RequestHandler, Response } from "express";
import { runForRequest } from "../../runtime/current-request.ts";
import type { Log } from "../../runtime/log.ts";
import type { LogRequest, Stranger } from "./request-lines.ts";

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
 * milliseconds. URLs, headers and bodies contain personal data and are not logged; of a request
 * that no route answers the path is, without what may be an id or an e-mail. Uses the
 * `X-Request-Id` of the request if it is safe, otherwise a new one, and returns it in the answer.
 * All that is logged for the request carries the id.
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
        const line = { request, method, route: routeOf(res), status, ms, isSent };
        logRequest({ ...line, stranger: strangerOf(req, res) });
      });
    runForRequest(request, next);
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

const TOO_MANY_REQUESTS = 429;
const MAX_PATH_LENGTH = 100;

/** Returns what the route does not say of a request: its path, and who is refused. */
function strangerOf(req: Request, res: Response): Stranger | undefined {
  const isKnown = res.locals["route"] !== undefined;
  if (isKnown && res.statusCode !== TOO_MANY_REQUESTS) return;
  return {
    ...(res.statusCode >= 400 && { address: req.ip ?? req.socket.remoteAddress ?? "" }),
    ...(!isKnown && { path: loggedPath(req.originalUrl) }),
  };
}

/** A word of a path, with a number at most: no id, code, token or e-mail. */
const WORD = /^(?=(?:\D*\d){0,3}\D*$)[a-z0-9][a-z0-9.-]{0,39}$/;

/** Returns a path without its query, and without parts that may be an id, a code or an e-mail. */
export function loggedPath(url: string): string {
  return (url.split("?", 1)[0] ?? "")
    .slice(0, MAX_PATH_LENGTH)
    .split("/")
    .map((part) => (WORD.test(part) || part === "" ? part : ":value"))
    .join("/");
}
