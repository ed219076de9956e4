import express, { type Request, type RequestHandler } from "express";
import { InvalidDataError } from "../../core/errors.ts";
import type { RawRequest } from "../routing/route.ts";

/**
 * Reads bodies of every kind byte by byte, for who must check a signature over them. `limit` in
 * bytes.
 */
export function rawBodies(limit: number): RequestHandler {
  return express.raw({ limit, type: () => true });
}

/**
 * What a server sent, as it came.
 * @throws InvalidData the body is no UTF-8, so no text would stand for its bytes
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
