import cors from "cors";
import type { RequestHandler } from "express";

/** More refused origins than this are not remembered, and so logged no more. */
const MAX_LOGGED = 100;
const DAY_SECONDS = 86_400;

/**
 * CORS for storefronts: the listed origins may read answers with cookies, all others get answers
 * that their browser keeps from them.
 */
export function storefrontOrigins(allowed: readonly (string | RegExp)[]): RequestHandler[] {
  return [
    logRefused(allowed),
    cors({ origin: [...allowed], credentials: true, maxAge: DAY_SECONDS }),
  ];
}

function logRefused(allowed: readonly (string | RegExp)[]): RequestHandler {
  const logged = new Set<string>();
  return (req, _res, next) => {
    const origin = req.headers.origin;
    if (origin && !logged.has(origin) && logged.size < MAX_LOGGED && !isAllowed(origin, allowed)) {
      logged.add(origin);
      req.log.warn(
        { origin },
        "A page of an origin that STORE_CORS does not list used the Store API",
      );
    }
    next();
  };
}

function isAllowed(origin: string, allowed: readonly (string | RegExp)[]): boolean {
  return allowed.some((one) => (typeof one === "string" ? one === origin : one.test(origin)));
}
