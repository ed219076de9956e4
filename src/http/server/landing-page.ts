import { join } from "node:path";
import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { reachedAddress, type TrustProxy } from "./reached-address.ts";

/** The page in both forms. */
interface Page {
  readonly html: string;
  readonly text: string;
  readonly isUp: boolean;
}

interface Options {
  /** Returns the page for a client that reached the server at an address. */
  readonly open: (address: string) => Promise<Page>;
  /** The server's public address. */
  readonly publicUrl: string;
  /** Whether that is the address to show, wherever the page was opened. */
  readonly isPublicUrlSet: boolean;
  /** Of its stylesheet, script and icon. */
  readonly assets: string;
}

/** Allows the stylesheet, the script and the pictures of this server alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Returns the router of `/` and of what the page loads: HTML for browsers, a short text for other
 * clients, with 503 while the database does not answer.
 */
export function landingPage(options: Options): Router {
  const router = Router();
  router.get("/", sendPage(options));
  router.use("/landing", express.static(options.assets, { index: false, redirect: false }));
  router.get("/favicon.ico", (_req, res) => {
    res.sendFile(join(options.assets, "favicon.ico"), { maxAge: "1d" });
  });
  return router;
}

function sendPage({ open, publicUrl, isPublicUrlSet }: Options): RequestHandler {
  return async (req, res) => {
    res.locals["route"] = "/";
    const { html, text, isUp } = await open(
      isPublicUrlSet ? publicUrl : (addressOf(req) ?? publicUrl),
    );
    res.status(isUp ? 200 : 503);
    // It shows the present state, and for each address its own.
    res.set("Cache-Control", isUp ? "private, no-cache" : "no-store");
    res.vary("Accept");
    if (req.accepts(["text/plain", "text/html"]) === "text/html") sendHtml(res, html);
    else res.type("text/plain").send(text);
  };
}

function sendHtml(res: Response, html: string): void {
  res.set("Content-Security-Policy", POLICY).type("html").send(html);
}

/** Returns the address at which a request reached this server; undefined without a plain host. */
function addressOf(req: Request): string | undefined {
  return reachedAddress(req, req.app.get("trust proxy fn") as TrustProxy);
}
