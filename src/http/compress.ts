import { constants } from "node:zlib";
import compression from "compression";
import type { RequestHandler } from "express";
import type { Config } from "../config/config.ts";

/** Compressed answers, brotli or gzip, where the shop switched them on and the request has no `x-no-compression` header. */
export function compress({ enabled, level, threshold }: Config["compression"]): RequestHandler[] {
  if (!enabled) return [];
  return [
    compression({
      level,
      threshold,
      brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: level } },
      filter: (req, res) => req.headers["x-no-compression"] === undefined && compression.filter(req, res),
    }),
  ];
}
