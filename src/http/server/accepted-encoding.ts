import type { Request } from "express";
import type { Encoding } from "../../catalogue-memory/finished-body.ts";

/** Returns the best encoding that the client asks for; undefined if it asks for none of ours. */
export function acceptedEncoding(req: Request): Encoding | undefined {
  if (!req.headers["accept-encoding"]) return;
  return (["br", "gzip"] as const).find((encoding) => req.acceptsEncodings(encoding) === encoding);
}
