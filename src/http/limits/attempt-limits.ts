import { createHash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Config } from "../../config/config.ts";
import type { Route, RouteRequest } from "../routing/route.ts";
import { type Counters, rateLimiter } from "./rate-limiter.ts";

/** Counts an attempt at a route that limits attempts; rejects if the limit is exceeded. */
export type CountAttempt = (
  route: Route,
  request: RouteRequest<string, Route["query"], Route["body"]>,
  req: Request,
  res: Response,
) => Promise<void>;

const WINDOW_SECONDS = 15 * 60;

/**
 * Returns the check that limits attempts at what could be guessed or flooded, per quarter of an
 * hour: strictly for each subject (an account, an e-mail), whatever addresses the attempts come
 * from, and loosely for each client address, since a storefront that renders on its server sends
 * all its shoppers' requests from one address.
 */
export function attemptLimits(config: Config["rateLimit"], counters: Counters): CountAttempt {
  const byAddress = rateLimiter(
    { name: "attempts:address", requests: config.attemptsByAddress, seconds: WINDOW_SECONDS },
    config,
    counters,
  );
  const bySubject = new Map<string, RequestHandler>();
  const subjects = new WeakMap<Request, string>();
  const limitOf = ({ name, max }: { name: string; max?: number | undefined }): RequestHandler => {
    const requests = Math.min(max ?? config.attempts, config.attempts);
    const keyOf = (req: Request) => subjects.get(req) ?? "";
    const limiter =
      bySubject.get(name) ??
      rateLimiter(
        { name: `attempts:${name}`, requests, seconds: WINDOW_SECONDS, keyOf },
        config,
        counters,
      );
    bySubject.set(name, limiter);
    return limiter;
  };
  return async ({ attempts }, request, req, res) => {
    if (!attempts) return;
    await applyLimit(byAddress, req, res);
    const subject = attempts.of?.(request);
    if (subject === undefined) return;
    // Hashed, so that Redis holds no e-mails and codes.
    subjects.set(req, createHash("sha256").update(subject).digest("base64url"));
    await applyLimit(limitOf(attempts), req, res);
  };
}

/** @throws TooManyRequestsError the limit is exceeded */
function applyLimit(limit: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}
