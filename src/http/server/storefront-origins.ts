import cors from "cors";
import type { RequestHandler } from "express";
import { isAllowedOrigin } from "../routing/is-from-storefront.ts";

/** Each refused origin is logged once, and at most this number of them. */
const MAX_LOGGED_ORIGINS = 100;
const DAY_SECONDS = 86_400;

/**
 * Returns the CORS handlers for storefronts. The listed origins may read answers with cookies; for
 * all others the browser blocks the answer.
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
    if (
      origin &&
      !logged.has(origin) &&
      logged.size < MAX_LOGGED_ORIGINS &&
      !isAllowedOrigin(origin, allowed)
    ) {
      logged.add(origin);
      req.log.warn(
        { request: req.id, event: "origin_not_allowed", origin },
        "A page of an origin that STORE_CORS does not list has called the Store API",
      );
    }
    next();
  };
}
