import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Request, Response } from "express";
import type { Config } from "../../config/config.ts";

type Encoding = "br" | "gzip";

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

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
  body: unknown,
  config: Config,
): Promise<void> {
  const text = JSON.stringify(body);
  const encoding = encodingFor(req, text.length, config.compression);
  const hash = createHash("sha1").update(text).digest("base64url");
  res.vary(CONTEXT);
  res.set("Cache-Control", cacheControl(req, config));
  res.set("ETag", encoding ? `"${hash}-${encoding}"` : `"${hash}"`);
  res.type("application/json; charset=utf-8");
  if (!encoding) return void res.send(text);
  res.set("Content-Encoding", encoding);
  res.send(await compressed(text, encoding, config.compression.level));
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
  return (["br", "gzip"] as const).find(
    (encoding) => req.acceptsEncodings(encoding) === encoding && req.headers["accept-encoding"],
  );
}

function compressed(text: string, encoding: Encoding, level: number): Promise<Buffer> {
  if (encoding === "gzip") return gzipAsync(text, { level });
  return brotliAsync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
}
