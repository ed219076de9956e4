import { constants } from "node:zlib";
import compression from "compression";
import type { RequestHandler } from "express";
import type { Config } from "../../config/config.ts";

/** Compresses answers by brotli or gzip, unless the request has an `x-no-compression` header. */
export function compress({ level, threshold }: Config["compression"]): RequestHandler {
  return compression({
    level,
    threshold,
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: level } },
    filter: (req, res) =>
      req.headers["x-no-compression"] === undefined && compression.filter(req, res),
  });
}
