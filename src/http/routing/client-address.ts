import { isIP } from "node:net";
import type { Request } from "express";

/** Where proxies write the address of whoever asks, in the order in which Medusa believes them. */
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
 * The address that a request claims to come from: the first that a header names, else the other end
 * of the connection.
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
