import { isIP } from "node:net";
import type { Request } from "express";

/** Headers in which proxies send the client's address, in the order in which Medusa reads them. */
const HEADERS = [
  "x-client-ip",
  "x-forwarded-for",
  "cf-connecting-ip",
  "fastly-client-ip",
  "true-client-ip",
  "x-real-ip",
  "x-cluster-client-ip",
  "x-forwarded",
  "forwarded-for",
];

/**
 * Returns the IP address that a request claims to come from: the first one in these headers, or
 * else the peer of the connection. The client can set the headers, so it proves nothing.
 */
export function clientAddress(req: Request): string | undefined {
  for (const name of HEADERS) {
    const first = req
      .get(name)
      ?.split(",")
      .map(withoutPort)
      .find((address) => isIP(address) !== 0);
    if (first) return first;
  }
  return req.socket.remoteAddress;
}

function withoutPort(address: string): string {
  const plain = address.trim();
  const [host, port] = plain.split(":");
  return plain.split(":").length === 2 && port ? (host ?? "") : plain;
}
