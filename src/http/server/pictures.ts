import express, { type RequestHandler } from "express";

/** Serves the pictures of a folder; a page of any origin may show them. */
export function pictures(folder: string): RequestHandler {
  return express.static(folder, { index: false, redirect: false, maxAge: "7d" });
}
