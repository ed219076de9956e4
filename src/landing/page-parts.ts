import type { CurlExample } from "./curl-lines.ts";
import { type Html, html } from "./html.ts";
import type { ServerFacts } from "./landing-facts.ts";

/** Returns a whole page around its content. */
export function documentOf(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/landing/landing.css">
<script src="/landing/copy-buttons.js" defer></script>
</head>
<body>
${content}
</body>
</html>
`;
}

/** Returns the links to what the server has for developers. */
export function links(): Html {
  const all = [
    ["/docs", "Reference", "read the API, and try it out"],
    ["/openapi.json", "OpenAPI", "for generators"],
    ["/postman.json", "Postman", "a collection to import"],
    ["/health", "Health", "the process is alive"],
    ["/ready", "Ready", "it can serve requests"],
  ] as const;
  return html`<nav aria-label="For developers"><ul class="links">${all.map(
    ([path, name, what]) =>
      html`<li><a href="${path}"><strong>${name}</strong><span>${what}</span></a></li>`,
  )}</ul></nav>`;
}

/** Returns examples with a button that copies each. */
export function examples(all: readonly CurlExample[]): Html {
  return html`${all.map(({ title, lines }) => html`<h3>${title}</h3>${code(lines)}`)}`;
}

/** Returns lines of code with a button that copies them. */
export function code(lines: string): Html {
  return html`<div class="code"><pre tabindex="0"><code>${lines}</code></pre></div>`;
}

/** Returns what runs, as a list. */
export function status(server: ServerFacts): Html {
  const rows = statusRows(server);
  return html`<dl class="status">${rows.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

const REDIS = {
  up: "connected",
  down: "does not answer",
  unused: "not used: sessions are in PostgreSQL",
};

const MAIL = {
  smtp: "sent by SMTP",
  log: "printed in the terminal",
  none: "none are sent",
};

/** Returns what runs, as names and values. */
export function statusRows(server: ServerFacts): [string, string][] {
  const { memory, databaseVersion } = server;
  const database = databaseVersion
    ? `PostgreSQL ${databaseVersion}${server.isEmbedded ? ", embedded" : ""}`
    : "does not answer";
  return [
    ["Nettle", `${server.version}, running`],
    ["Database", database],
    ["Redis", REDIS[server.redis]],
    ["Providers", server.providers],
    ["Catalogue", `${server.products} products in ${server.regions} regions`],
    ["Answers from memory", memory ? `on, ${memory.hits} so far` : "off"],
    ["Mails", MAIL[server.mail]],
    ["Storefronts", server.origins.join(", ") || "none (STORE_CORS is empty)"],
  ];
}
