import express, { type RequestHandler } from "express";

/**
 * Parses bodies of type `application/json` that hold an object or an array. Other bodies are not
 * read and count as `{}`, as in Medusa. `limit` is in bytes.
 */
export function jsonBodies(limit: number): RequestHandler {
  return express.json({ limit, type: "application/json", strict: true });
}
