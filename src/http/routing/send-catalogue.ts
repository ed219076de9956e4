import type { Request, Response } from "express";
import type { Encoding, FinishedBody } from "../../catalogue-memory/finished-body.ts";
import type { Config } from "../../config/config.ts";
import { acceptedEncoding } from "../server/accepted-encoding.ts";

/** Request headers that a catalogue answer depends on. */
const CONTEXT = "Accept-Encoding, Authorization, Cookie, X-Publishable-Api-Key";

/**
 * Sends a catalogue answer, compressed if compression is on and the client accepts it. Each
 * encoding has its own strong ETag, so a client that has the answer already receives a 304. Shared
 * caches may store it only if the request carried neither session nor token.
 */
export async function sendCatalogue(
  req: Request,
  res: Response,
  body: FinishedBody,
  config: Config,
): Promise<void> {
  const encoding = encodingFor(req, body.bytes.length, config.compression);
  res.vary(CONTEXT);
  res.set("Cache-Control", cacheControl(req, config));
  res.set("ETag", body.etag(encoding));
  res.type("application/json; charset=utf-8");
  if (!encoding) return void res.send(body.bytes);
  res.set("Content-Encoding", encoding);
  res.send(await body.encoded(encoding, config.compression.level));
}

function cacheControl(req: Request, { session, catalogueSeconds }: Config): string {
  if (req.headers.authorization || req.cookies[session.cookieName]) return "private, no-cache";
  return catalogueSeconds > 0 ? `public, max-age=${catalogueSeconds}` : "public, no-cache";
}

function encodingFor(
  req: Request,
  length: number,
  { enabled, threshold }: Config["compression"],
): Encoding | undefined {
  if (!enabled || length < threshold || req.headers["x-no-compression"] !== undefined) return;
  return acceptedEncoding(req);
}
