import { firstLines } from "./curl-lines.ts";
import { html } from "./html.ts";
import type { ServerFacts } from "./landing-facts.ts";
import { documentOf, examples, links, status } from "./page-parts.ts";

/** Returns the page at `/` of a shop that is not the demo: what runs, and where to read on. */
export function shopPage(server: ServerFacts): string {
  const content = html`<header class="hero">
<p class="eyebrow">The Medusa v1 Store API</p>
<h1>Nettle</h1>
<p class="address"><span class="dot" aria-hidden="true"></span>Running at
<code>${server.address}</code></p>
</header>
<main>
${links()}
<section aria-labelledby="status"><h2 id="status">What is running</h2>${status(server)}</section>
<section aria-labelledby="curl"><h2 id="curl">First lines</h2>${examples(
    firstLines(server.address),
  )}</section>
</main>
<footer><p>This page is for development. It is off with <code>NODE_ENV=production</code>, unless
<code>LANDING_PAGE=on</code> asks for it.</p></footer>`;
  return documentOf("Nettle", content).text;
}
