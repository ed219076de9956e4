import { createHash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Config } from "../config/config.ts";
import { type Counters, limited } from "./rate-limits.ts";
import type { Route, RouteRequest } from "./route.ts";

/** Counts an attempt at a route that limits them. */
export type CountAttempt = (
  route: Route,
  request: RouteRequest<string, Route["query"], Route["body"]>,
  req: Request,
  res: Response,
) => Promise<void>;

const SECONDS = 15 * 60;

/**
 * Limits how often something is tried that could be guessed or flooded: by what is tried first (an account), by the client's address loosely,
 * since a storefront that renders on its server sends all its shoppers from one. What is tried is counted whoever tries it.
 */
export function attemptLimits(config: Config["rateLimit"], counters: Counters): CountAttempt {
  const byAddress = limited({ name: "attempts:address", requests: config.attemptsByAddress, seconds: SECONDS }, config, counters);
  const bySubject = new Map<string, RequestHandler>();
  const subjects = new WeakMap<Request, string>();
  const limitOf = ({ name, most }: { name: string; most?: number | undefined }): RequestHandler => {
    const requests = Math.min(most ?? config.attempts, config.attempts);
    const keyOf = (req: Request) => subjects.get(req) ?? "";
    const made =
      bySubject.get(name) ?? limited({ name: `attempts:${name}`, requests, seconds: SECONDS, keyOf }, config, counters);
    bySubject.set(name, made);
    return made;
  };
  return async ({ attempts }, request, req, res) => {
    if (!attempts) return;
    await passed(byAddress, req, res);
    const subject = attempts.of?.(request);
    if (subject === undefined) return;
    // E-mails and codes are nobody's business in Redis.
    subjects.set(req, createHash("sha256").update(subject).digest("base64url"));
    await passed(limitOf(attempts), req, res);
  };
}

/** @throws TooManyRequests */
function passed(limit: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}
