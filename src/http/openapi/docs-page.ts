import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type RequestHandler, Router } from "express";
import type { Route } from "../routing/route.ts";
import type { ServerInfo } from "./openapi-document.ts";
import { openApiDocument } from "./openapi-document.ts";
import { postmanCollection } from "./postman-collection.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nettle: Store API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  withCredentials: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  filter: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
});
`;

const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/**
 * Allows scripts, styles and requests of this server alone. The viewer sets style attributes and
 * draws its icons from data URLs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Returns the router of `/openapi.json`, `/postman.json` and `/docs`, a page for reading the API
 * and trying it out. The page loads nothing from other servers.
 */
export function docsPage(routes: readonly Route[], serverInfo: ServerInfo): Router {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const router = Router();
  router.get(
    "/openapi.json",
    sendPublicly(async () => JSON.stringify(await openApiDocument(routes, serverInfo))),
  );
  router.get(
    "/postman.json",
    sendPublicly(async () => postmanCollection(serverInfo.publicUrl)),
  );
  router.get("/docs", setContentSecurityPolicy, (_req, res) => void res.type("html").send(PAGE));
  router.get("/docs/start.js", (_req, res) => void res.type("js").send(START));
  router.get("/docs/:asset", (req, res, next) => {
    const asset = req.params["asset"] as string;
    if (!ASSETS.includes(asset)) return next();
    res.sendFile(join(folder, asset), { maxAge: "1d" });
  });
  return router;
}

/**
 * Lets generators and viewers on other origins read the document; it contains no personal data. It
 * is built when it is first asked for: most processes never are.
 */
function sendPublicly(build: () => Promise<string>): RequestHandler {
  let json: Promise<string> | undefined;
  return async (_req, res) => {
    json ??= build();
    res
      .set("Access-Control-Allow-Origin", "*")
      .type("application/json")
      .send(await json);
  };
}

const setContentSecurityPolicy: RequestHandler = (_req, res, next) => {
  res.set("Content-Security-Policy", POLICY);
  next();
};
