import express, { type RequestHandler } from "express";

/**
 * Reads bodies called `application/json`, objects and lists; all others are left unread and count
 * as `{}`, as in Medusa. `limit` in bytes.
 */
export function jsonBodies(limit: number): RequestHandler {
  return express.json({ limit, type: "application/json", strict: true });
}
