import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { tokenOf } from "../sessions/authenticate.ts";
import { sessionIdOf } from "../sessions/session-id.ts";

/** A request that the memory may answer, taken apart. */
export interface AskedCatalogue {
  /** As sent, without the cart. */
  readonly url: string;
  readonly publishableKey: string;
  readonly cartId: string | undefined;
  /** The session's id, as its signature proves. */
  readonly sessionId: string | undefined;
  readonly token: string | undefined;
  /** Whether it carries a session or a token, valid or not: no shared cache may keep its answer. */
  readonly isPrivate: boolean;
}

/** Headers that make a request one for Express. */
const DECIDED_BY_EXPRESS = [
  ...["x-no-compression", "if-modified-since", "transfer-encoding", "content-length"],
  ...["expect", "range", "upgrade"],
];

/** Far more than a request of a storefront has. */
const MAX_URL = 2_048;

/** What tells a session. */
export interface SessionCookie {
  readonly name: string;
  readonly secrets: readonly string[];
}

/** Returns what a request asks of the catalogue; undefined leaves it to Express. */
export function askedCatalogue(
  { method, url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  cookie: SessionCookie,
): AskedCatalogue | undefined {
  if ((method !== "GET" && method !== "HEAD") || !url.startsWith("/store/")) return;
  if (url.length > MAX_URL) return;
  for (const name of DECIDED_BY_EXPRESS) if (headers[name] !== undefined) return;
  const login = loginOf(headers, cookie);
  const place = url.includes("cart_id") ? withoutCart(url) : { url, cartId: undefined };
  if (!login || !place) return;
  const key = headers["x-publishable-api-key"] ?? "";
  return { ...place, ...login, publishableKey: typeof key === "string" ? key : key.join(", ") };
}

type Login = Pick<AskedCatalogue, "sessionId" | "token" | "isPrivate">;

const GUEST: Login = { sessionId: undefined, token: undefined, isPrivate: false };

/** Returns the session or the token; undefined if it has both, or another form than ours. */
function loginOf(headers: IncomingHttpHeaders, cookie: SessionCookie): Login | undefined {
  const hasSession = headers.cookie?.includes(cookie.name) === true;
  // Storefronts send an empty one for guests.
  const authorization = headers.authorization || undefined;
  if (!hasSession && authorization === undefined) return GUEST;
  if (hasSession && authorization !== undefined) return;
  const sessionId = hasSession ? sessionIdOf(headers.cookie ?? "", cookie) : undefined;
  const token = tokenOf(authorization);
  if (sessionId === undefined && token === undefined) return;
  return { sessionId, token, isPrivate: true };
}

const CART = /([?&])cart_id=(\w{1,100})(?:&|$)/;

/** Returns an address without its only cart; undefined for any other that names one. */
function withoutCart(url: string): { url: string; cartId: string } | undefined {
  const [found, before = "", cartId = ""] = CART.exec(url) ?? [];
  if (found === undefined || url.indexOf("cart_id") !== url.lastIndexOf("cart_id")) return;
  const rest = url.replace(found, before);
  return { url: /[?&]$/.test(rest) ? rest.slice(0, -1) : rest, cartId };
}
