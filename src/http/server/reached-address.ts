import type { IncomingMessage } from "node:http";

/** Whether an address that forwarded a request is a trusted proxy; as Express compiles it. */
export type TrustProxy = (address: string, hops: number) => boolean;

/** A name or an IP address, with a port or without: nothing that needs escaping anywhere. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Returns the address at which a client reached this server, without a trailing slash. Headers in
 * which a proxy reports it are believed if the peer is trusted. Undefined if the client sent no
 * plain host.
 */
export function reachedAddress(
  { headers, socket }: Pick<IncomingMessage, "headers" | "socket">,
  trustProxy: TrustProxy,
): string | undefined {
  const isTrusted = trustProxy(socket.remoteAddress ?? "", 0);
  const host = (isTrusted && firstOf(headers["x-forwarded-host"])) || headers.host;
  if (!host || !HOST.test(host)) return undefined;
  const reported = isTrusted ? firstOf(headers["x-forwarded-proto"]) : undefined;
  const isEncrypted = reported ? reported === "https" : "encrypted" in socket;
  return `${isEncrypted ? "https" : "http"}://${host.toLowerCase()}`;
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return [header ?? []].flat().join(",").split(",")[0]?.trim() || undefined;
}
