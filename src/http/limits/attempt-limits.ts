import { createHash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Config } from "../../config/config.ts";
import type { Route, RouteRequest } from "../routing/route.ts";
import { type Counters, rateLimiter } from "./rate-limiter.ts";

/** Counts an attempt at a route that limits them. */
export type CountAttempt = (
  route: Route,
  request: RouteRequest<string, Route["query"], Route["body"]>,
  req: Request,
  res: Response,
) => Promise<void>;

const WINDOW_SECONDS = 15 * 60;

/**
 * Limits how often something is tried that could be guessed or flooded: by what is tried first (an
 * account), by the client's address loosely, since a storefront that renders on its server sends
 * all its shoppers from one. What is tried is counted whoever tries it.
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
    // E-mails and codes are nobody's business in Redis.
    subjects.set(req, createHash("sha256").update(subject).digest("base64url"));
    await applyLimit(limitOf(attempts), req, res);
  };
}

/** @throws TooManyRequests */
function applyLimit(limit: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}
