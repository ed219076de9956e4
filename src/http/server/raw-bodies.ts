import express, { type Request, type RequestHandler } from "express";
import { InvalidDataError } from "../../core/errors.ts";
import type { RawRequest } from "../routing/route.ts";

/**
 * Reads bodies of every content type unparsed, for checking a signature over their bytes. `limit`
 * is in bytes.
 */
export function rawBodies(limit: number): RequestHandler {
  return express.raw({ limit, type: () => true });
}

/**
 * Returns the request of another server, unparsed.
 * @throws InvalidDataError if the body is not UTF-8, since no text would then equal its bytes
 */
export function rawRequest(req: Request): RawRequest {
  const headers = Object.entries(req.headers).map(([name, value]) => [
    name,
    [value ?? []].flat().join(", "),
  ]);
  return { headers: Object.fromEntries(headers), body: textOf(req.body) };
}

function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new InvalidDataError("The body is not valid UTF-8");
  }
}
