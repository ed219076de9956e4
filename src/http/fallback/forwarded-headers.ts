import type { IncomingHttpHeaders } from "node:http";

/** Headers that concern one connection, by RFC 9110, 7.6.1. */
const OF_A_CONNECTION = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "upgrade",
];

/** A client that names them in `Connection` cannot remove them: they say where its body ends. */
const OF_THE_BODY = new Set(["content-length", "transfer-encoding", "host"]);

/** Removes the headers that concern one connection, and those that `Connection` names. */
export function dropConnectionHeaders(headers: IncomingHttpHeaders): void {
  const named = [headers.connection ?? []].flat().join(",").toLowerCase().split(",");
  for (const name of [...OF_A_CONNECTION, ...named.map((each) => each.trim())])
    if (!OF_THE_BODY.has(name)) delete headers[name];
}

/** What is known of the client of a request. */
export interface Client {
  readonly requestId: string;
  /** The peer of the connection, and whether it is a proxy that TRUST_PROXY names. */
  readonly peer: string;
  readonly isTrusted: boolean;
  readonly protocol: string;
  readonly host: string;
}

/** In which a client could claim to be another; only a trusted proxy's are passed on. */
const CLAIMS = ["x-forwarded-for", "x-forwarded-port", "forwarded", "x-real-ip"];

/** Returns the headers of a request as a proxy passes them on. */
export function forwardedHeaders(
  sent: IncomingHttpHeaders,
  { requestId, peer, isTrusted, protocol, host }: Client,
): IncomingHttpHeaders {
  const headers = { ...sent };
  dropConnectionHeaders(headers);
  if (!isTrusted) for (const name of CLAIMS) delete headers[name];
  // This server has sent `100 Continue` already.
  delete headers.expect;
  const before = headers["x-forwarded-for"];
  return {
    ...headers,
    "x-forwarded-for": before ? `${[before].flat().join(", ")}, ${peer}` : peer,
    "x-forwarded-proto": protocol,
    "x-forwarded-host": host,
    "x-request-id": requestId,
    via: [headers.via, `1.1 ${PSEUDONYM}`].filter(Boolean).join(", "),
  };
}

const PSEUDONYM = "nettle";

/** Returns whether a request has passed this program already. */
export function hasPassed({ via }: IncomingHttpHeaders): boolean {
  return (via ?? "").split(",").some((each) => each.trim() === `1.1 ${PSEUDONYM}`);
}
