import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from "express";
import { createProxyServer } from "httpxy";
import type { Config } from "../../config/config.ts";
import { InvalidDataError, UnavailableError } from "../../core/errors.ts";
import type { Route } from "../routing/route.ts";
import { securityHeaders } from "../server/security-headers.ts";
import { dropConnectionHeaders, forwardedHeaders, hasPassed } from "./forwarded-headers.ts";
import { OwnPaths } from "./own-paths.ts";

type FallbackConfig = NonNullable<Config["fallback"]>;

/**
 * Returns the router that passes what this server does not have on to another one, and leaves the
 * rest to what is mounted later. It must come before anything reads bodies or sets headers: they
 * belong to the other server. `limit` is passed first.
 */
export function fallback(
  config: FallbackConfig,
  routes: readonly Route[],
  limit: RequestHandler,
): Router {
  const own = new OwnPaths(routes);
  const forward = forwardTo(config);
  const router = Router();
  if (config.paths.length > 0) router.use([...config.paths], limit, forward);
  router.use((req, _res, next) => {
    const { method, path } = req;
    return own.answers(method, path) || own.areMeantBy(path) ? next("router") : next();
  });
  router.use(limit, forward);
  router.use(secureRefusal);
  return router;
}

/** A refusal is an answer of this server. */
const secureRefusal: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) return next(error);
  securityHeaders(req, res, () => next(error));
};

function forwardTo({ url, seconds, requests }: FallbackConfig): RequestHandler {
  const Agent = url.startsWith("https:") ? HttpsAgent : HttpAgent;
  const proxy = createProxyServer({
    target: url,
    agent: new Agent({ keepAlive: true, maxSockets: requests }),
    // Virtual hosts are found by their name.
    changeOrigin: true,
    proxyTimeout: seconds * 1000,
  });
  proxy.on("proxyRes", ({ headers }) => dropConnectionHeaders(headers));
  let open = 0;
  return async (req, res) => {
    res.locals["route"] = "(fallback)";
    mustBeForwardable(req);
    if (open >= requests)
      throw new UnavailableError("The server behind this one has too many requests at once");
    open++;
    res.once("close", () => open--);
    req.headers = forwardedHeaders(req.headers, clientOf(req));
    // Express has removed the part at which it is mounted.
    req.url = req.originalUrl;
    await proxy.web(req, res).catch((error: Error) => {
      throw Object.assign(new UnavailableError("The server behind this one does not answer"), {
        cause: error,
      });
    });
  };
}

/** @throws InvalidDataError if the request names another server, or comes back */
function mustBeForwardable({ originalUrl, headers }: Request): void {
  if (!originalUrl.startsWith("/"))
    throw new InvalidDataError("The request must name a path of this server");
  if (hasPassed(headers))
    throw new InvalidDataError("FALLBACK_URL leads back to this server: name the one behind it");
}

function clientOf(req: Request) {
  const peer = req.socket.remoteAddress ?? "";
  const isTrusted = (req.app.get("trust proxy fn") as Trust)(peer, 0);
  return { requestId: String(req.id), peer, isTrusted, protocol: req.protocol, host: req.host };
}

type Trust = (address: string, hop: number) => boolean;
