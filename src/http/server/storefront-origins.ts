import cors from "cors";
import type { RequestHandler } from "express";
import { isAllowedOrigin } from "../routing/is-from-storefront.ts";

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
    if (
      origin &&
      !logged.has(origin) &&
      logged.size < MAX_LOGGED &&
      !isAllowedOrigin(origin, allowed)
    ) {
      logged.add(origin);
      req.log.warn(
        { origin },
        "A page of an origin that STORE_CORS does not list used the Store API",
      );
    }
    next();
  };
}
