import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import compression from "compression";
import { type RequestHandler, Router } from "express";
import type { Route } from "../routing/route.ts";
import type { ServerInfo } from "./openapi-document.ts";
import { openApiDocument } from "./openapi-document.ts";
import { postmanCollection } from "./postman-collection.ts";

/** The viewer: one file without dependencies, as its package publishes it for browsers. */
const viewerFile = createRequire(import.meta.url).resolve(
  "@scalar/api-reference/browser/standalone.js",
);
const { version } = JSON.parse(readFileSync(join(viewerFile, "../../../package.json"), "utf8")) as {
  version: string;
};
/** Its name has its version, so that browsers may keep it for good. */
const VIEWER = `scalar-${version}.js`;

/** Addresses are relative, so that the page works behind a proxy that serves it below a path. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Store API reference</title>
<link rel="icon" type="image/svg+xml" href="docs/icon.svg">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<noscript>This page needs JavaScript. Without it, read
<a href="openapi.json">the OpenAPI document</a>
or <a href="postman.json">the Postman collection</a>.</noscript>
<div id="docs"></div>
<script src="docs/${VIEWER}"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/**
 * Requests go to the address at which the page was opened, whatever the server's public address is:
 * the policy below allows no other. What would call other servers is off: telemetry, fonts, the
 * proxy for requests, the assistant and the links into the maker's own programs.
 */
const START = `const root = new URL(".", location.href).href.replace(/\\/$/, "");
Scalar.createApiReference("#docs", {
  url: root + "/openapi.json",
  servers: [{ url: root, description: "This server" }],
  proxyUrl: "",
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  documentDownloadType: "json",
  persistAuth: false,
  hideModels: true,
  operationTitleSource: "summary",
  orderRequiredPropertiesFirst: true,
  orderSchemaPropertiesBy: "preserve",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "bearer" },
});
`;

const STYLE = `body { margin: 0; }
:root {
  --scalar-font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --scalar-font-code: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path fill="#3f7d4e" d="M27 4C13 4 6 10 6 19c0 2 .4 4 1.200 5.500L5 28l2 1 2.300-3.400C11 27 13 27
15 27 26 27 27 15 27 4z"/></svg>
`;

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

/**
 * Returns the router of `/openapi.json`, `/postman.json` and `/docs`, a page for reading the API
 * and trying it out. The page loads nothing from other servers.
 */
export function docsPage(routes: readonly Route[], serverInfo: ServerInfo): Router {
  const router = Router();
  // Large texts, whatever the shop's setting is for its own answers.
  router.use(["/openapi.json", "/postman.json", "/docs"], compression());
  router.get(
    "/openapi.json",
    sendPublicly(async () => JSON.stringify(await openApiDocument(routes, serverInfo))),
  );
  router.get(
    "/postman.json",
    sendPublicly(async () => postmanCollection(serverInfo.publicUrl)),
  );
  router.get("/docs", sendPage);
  router.get("/docs/start.js", (_req, res) => void res.type("js").send(START));
  router.get("/docs/page.css", (_req, res) => void res.type("css").send(STYLE));
  router.get("/docs/icon.svg", (_req, res) => void res.type("svg").send(ICON));
  router.get(`/docs/${VIEWER}`, (_req, res) => {
    res.sendFile(viewerFile, { maxAge: "1y", immutable: true });
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

const sendPage: RequestHandler = (req, res) => {
  // The page's relative addresses count from its folder.
  if (req.path.endsWith("/")) return void res.redirect(308, "../docs");
  res.set("Content-Security-Policy", POLICY).type("html").send(PAGE);
};
