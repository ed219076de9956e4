import express, { type RequestHandler } from "express";

/** Serves the pictures in a directory; pages of any origin may show them. */
export function pictures(directory: string): RequestHandler {
  return express.static(directory, { index: false, redirect: false, maxAge: "7d" });
}
