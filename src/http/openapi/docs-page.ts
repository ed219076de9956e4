import { type Request, type RequestHandler, type Response, Router } from "express";
import { FinishedBody } from "../../catalogue-memory/finished-body.ts";
import type { Route } from "../routing/route.ts";
import { acceptedEncoding } from "../server/accepted-encoding.ts";
import type { ServerInfo } from "./openapi-document.ts";
import { openApiDocument } from "./openapi-document.ts";
import { type PageFile, pageFiles } from "./page-files.ts";
import { postmanCollection } from "./postman-collection.ts";

/**
 * Allows scripts, styles and requests of this server alone. The viewer sets style attributes and
 * draws some of its icons from data URLs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Of both encodings. Higher levels gain little and take long for the viewer, which is large. */
const LEVEL = 5;

/**
 * Returns the page. Its addresses are relative, so that it works behind a proxy that serves it
 * below a path. It shows its title at once, and loads the document beside the viewer.
 */
function pageOf({ viewer, script, style, icon }: ReturnType<typeof pageFiles>): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Store API reference</title>
<link rel="icon" type="image/svg+xml" href="docs/${icon.name}">
<link rel="stylesheet" href="docs/${style.name}">
<link rel="preload" as="fetch" crossorigin href="openapi.json">
<script defer src="docs/${viewer.name}"></script>
<script defer src="docs/${script.name}"></script>
</head>
<body>
<div id="docs"><div class="loading">
<h1>Nettle Store API</h1>
<p role="status">The reference is loading.</p>
<p>There is also <a href="openapi.json">the OpenAPI document</a>
and <a href="postman.json">a Postman collection</a>.</p>
<noscript>The reference needs JavaScript.</noscript>
</div></div>
</body>
</html>
`;
}

/**
 * Returns the router of `/openapi.json`, `/postman.json` and `/docs`, a page for reading the API
 * and trying it out. The page loads nothing from other servers.
 */
export function docsPage(routes: readonly Route[], serverInfo: ServerInfo): Router {
  const router = Router();
  router.get(
    "/openapi.json",
    sendPublicly(async () => JSON.stringify(await openApiDocument(routes, serverInfo))),
  );
  router.get(
    "/postman.json",
    sendPublicly(async () => postmanCollection(serverInfo.publicUrl)),
  );
  const files = pageFiles();
  const page = pageOf(files);
  router.get("/docs", (req, res) => {
    // The page's relative addresses count from its folder.
    if (req.path.endsWith("/")) return void res.redirect(308, "../docs");
    res.set({ "Content-Security-Policy": POLICY, "Cache-Control": "public, no-cache" });
    res.type("html").send(page);
  });
  for (const file of Object.values(files)) router.get(`/docs/${file.name}`, sendForGood(file));
  return router;
}

/** The name of a file changes with its content, so that browsers may keep it for good. */
function sendForGood({ type, read }: PageFile): RequestHandler {
  let body: FinishedBody | undefined;
  return (req, res) => {
    body ??= new FinishedBody(read());
    res.type(type).set("Cache-Control", "public, max-age=31536000, immutable");
    return sendCompressed(req, res, body);
  };
}

/**
 * Lets generators and viewers on other origins read the document; it contains no personal data. It
 * is built when it is first asked for: most processes never are.
 */
function sendPublicly(build: () => Promise<string>): RequestHandler {
  let body: Promise<FinishedBody> | undefined;
  return async (req, res) => {
    body ??= build().then((text) => new FinishedBody(text));
    res.set({ "Access-Control-Allow-Origin": "*", "Cache-Control": "public, no-cache" });
    await sendCompressed(req, res.type("application/json"), await body);
  };
}

/** Large texts are compressed, whatever the shop's setting is for its own answers. */
async function sendCompressed(req: Request, res: Response, body: FinishedBody): Promise<void> {
  const encoding = acceptedEncoding(req);
  res.vary("Accept-Encoding").set("ETag", body.etag(encoding));
  if (!encoding) return void res.send(body.bytes);
  res.set("Content-Encoding", encoding).send(await body.encoded(encoding, LEVEL));
}
