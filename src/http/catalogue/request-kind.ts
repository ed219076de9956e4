import type { IncomingMessage } from "node:http";
import type { KeptBody } from "../../catalogue-memory/kept-body.ts";
import type { Config } from "../../config/config.ts";
import { isAllowedOrigin } from "../routing/is-from-storefront.ts";
import type { AskedCatalogue } from "./asked-catalogue.ts";
import type { Shopper } from "./shopper.ts";

const MAX_ENCODINGS = 200;

/** Returns under what a request is remembered, so that each price context has its own. */
export function aliasFor(
  { url, publishableKey, cartId }: AskedCatalogue,
  shopper: Shopper | undefined,
  address: string | undefined,
): string {
  const place = cartId === undefined ? "" : `\nregion ${shopper?.regionId ?? ""}`;
  const groups = shopper?.groupIds.length ? `\ngroups ${shopper.groupIds.join()}` : "";
  const reached = address === undefined ? "" : `\nat ${address}`;
  return `${url}\n${publishableKey}${place}${groups}${reached}`;
}

/**
 * Returns the kind of a request, by all that the form of its answer depends on; undefined leaves it
 * to Express.
 */
export function kindFor(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  { isPrivate }: AskedCatalogue,
  { body }: KeptBody,
  { storeOrigins, compression }: Config,
  isCounted: boolean,
): string | undefined {
  const { origin = "", "if-none-match": ifNoneMatch, "cache-control": caching = "" } = headers;
  if (origin && !isAllowedOrigin(origin, storeOrigins)) return;
  let match = "";
  if (ifNoneMatch !== undefined) {
    if (caching.includes("no-cache") || !/^"[\w-]+"$/.test(ifNoneMatch)) return;
    match = ifNoneMatch.startsWith(`"${body.hash}`) ? ifNoneMatch : "other";
  }
  const encodings = compression.enabled ? (headers["accept-encoding"] ?? "") : "";
  if (encodings.length > MAX_ENCODINGS) return;
  return `${method} ${isPrivate} ${isCounted} ${origin} ${encodings} ${match}`;
}
