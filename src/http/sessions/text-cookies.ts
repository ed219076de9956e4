import cookieParser from "cookie-parser";
import type { RequestHandler } from "express";

/**
 * Parses cookies, and ignores those that the parser takes for JSON: nothing here writes such, and
 * express-session expects text.
 */
export function textCookies(): RequestHandler {
  const parse = cookieParser();
  return (req, res, next) =>
    parse(req, res, (error?: unknown) => {
      for (const [name, value] of Object.entries(req.cookies ?? {}))
        if (typeof value !== "string") Reflect.deleteProperty(req.cookies, name);
      next(error);
    });
}
