import type { IncomingHttpHeaders } from "node:http";

type Origins = readonly (string | RegExp)[];

/**
 * Returns whether a request was sent by the shop's own code: a server, or a script of its own or of
 * a listed origin. Links, images, frames, prefetches and pages of other sites carry a logged-in
 * customer's cookie, too, but it is not the storefront that sends them.
 */
export function isFromStorefront(headers: IncomingHttpHeaders, allowed: Origins): boolean {
  return !isNavigation(headers) && isOfOwnSite(headers, allowed);
}

/** Browsers name what they load, and older ones at least ask for a page as HTML. */
function isNavigation(headers: IncomingHttpHeaders): boolean {
  const destination = headers["sec-fetch-dest"] ?? "empty";
  return (
    headers["sec-fetch-mode"] === "navigate" ||
    destination !== "empty" ||
    headers["sec-purpose"] !== undefined ||
    headers["purpose"] !== undefined ||
    headers["upgrade-insecure-requests"] !== undefined ||
    /\btext\/html\b/i.test(headers.accept ?? "")
  );
}

function isOfOwnSite(headers: IncomingHttpHeaders, allowed: Origins): boolean {
  const { origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
  if (site === "same-origin") return true;
  if (origin !== undefined) return isAllowedOrigin(origin, allowed);
  // A script that may not read the answer is no storefront's.
  return (site === undefined || site === "same-site") && mode !== "no-cors";
}

/** Returns whether STORE_CORS lists an origin. */
export function isAllowedOrigin(origin: string, allowed: Origins): boolean {
  return allowed.some((one) => (typeof one === "string" ? one === origin : one.test(origin)));
}
