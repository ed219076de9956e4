import { demoLines } from "./curl-lines.ts";
import { type Html, html } from "./html.ts";
import type { DemoFacts, ServerFacts, ShownProduct, ShownStock } from "./landing-facts.ts";
import { code, documentOf, examples, links, status } from "./page-parts.ts";

/** Returns the page at `/` of the demo shop. */
export function demoPage(server: ServerFacts, demo: DemoFacts): string {
  const content = html`<header class="hero">
<p class="eyebrow">A demo shop on Nettle, the Medusa v1 Store API</p>
<h1>${demo.shop}</h1>
<p class="lead">Things for the hills and for the evening after. The shop is open: it has
${server.products} products in ${server.regions} regions, a customer with orders, and codes to
try.</p>
<p class="address"><span class="dot" aria-hidden="true"></span>Running at
<code>${server.address}</code></p>
</header>
<main>
${links()}
${products(demo.products)}
${shopper(demo)}
${terminal(server, demo)}
${storefront(server, demo)}
<section aria-labelledby="status"><h2 id="status">What is running</h2>${status(server)}</section>
</main>
<footer><p>Everything here is made up for development, the password included. A shop of your own
needs <code>DATABASE_URL</code>; this page then no longer shows the demo.</p></footer>`;
  return documentOf(`${demo.shop} · Nettle demo shop`, content).text;
}

function products(all: readonly ShownProduct[]): Html {
  return html`<section aria-label="Some of its products"><ul class="products">${all.map(
    ({ title, subtitle, picture, price, before, isFrom }) => html`<li>
<img src="${picture}" alt="" width="600" height="600">
<div><strong>${title}</strong><span>${subtitle}</span></div>
<p class="price">${isFrom && "from "}${price}${
      before &&
      html` <s><span class="hidden">before the
sale </span>${before}</s>`
    }</p>
</li>`,
  )}</ul></section>`;
}

function shopper({ customer, orders, codes, giftCard, soldOut, onBackorder }: DemoFacts): Html {
  return html`<section aria-labelledby="try"><h2 id="try">What to try</h2>
<div class="columns">
<div><h3>The customer</h3>
<dl class="login"><div><dt>E-mail</dt><dd><code>${customer.email}</code></dd></div>
<div><dt>Password</dt><dd><code>${customer.password}</code></dd></div></dl>
<p>Mara is a member, so some prices are lower for her. She has two addresses.</p>
<table><caption>Her orders</caption><thead class="hidden"><tr><th scope="col">Number</th>
<th scope="col">What has happened</th><th scope="col">Paid</th></tr></thead><tbody>${orders.map(
    ({ number, story, total }) => html`<tr><th scope="row">#${number}</th><td>${story}</td>
<td class="amount">${total}</td></tr>`,
  )}</tbody></table></div>
<div><h3>Codes</h3>
<dl class="codes">${codes.map(
    ({ code: name, description, limits, isValid }) =>
      html`<div${!isValid && html` class="expired"`}><dt><code>${name}</code></dt>
<dd>${description}<small>${limits}</small></dd></div>`,
  )}${
    giftCard &&
    html`<div><dt><code>${giftCard.code}</code></dt><dd>A gift card with ${giftCard.balance}
<small>Europe; pays as <code>gift_cards</code></small></dd></div>`
  }</dl></div>
</div>
${stock("Sold out", "a cart refuses them", soldOut)}
${stock("On backorder", "can be ordered without stock", onBackorder)}
</section>`;
}

function stock(title: string, what: string, all: readonly ShownStock[]): Html {
  if (all.length === 0) return html``;
  return html`<p class="stock"><strong>${title}</strong> (${what}): ${all.map(
    ({ sku, title: product, variant }, index) =>
      html`${index > 0 && "; "}${product}, ${variant} <code>${sku}</code>`,
  )}</p>`;
}

function terminal({ address }: ServerFacts, demo: DemoFacts): Html {
  return html`<section aria-labelledby="curl"><h2 id="curl">First lines</h2>
<p>For a terminal; nothing has to be filled in.</p>${examples(demoLines(address, demo))}</section>`;
}

function storefront({ address }: ServerFacts, { publishableKey }: DemoFacts): Html {
  return html`<section aria-labelledby="storefront">
<h2 id="storefront">Point a storefront here</h2>
<h3>Next.js starter of Medusa v1</h3>
${code(
  [
    "git clone -b v1 https://github.com/medusajs/nextjs-starter-medusa storefront",
    "cd storefront",
    "cp .env.template .env.local",
    `echo 'NEXT_PUBLIC_MEDUSA_BACKEND_URL=${address}' >> .env.local`,
    "yarn && yarn dev",
  ].join("\n"),
)}
<p>It opens on port 8000. If this address is not <code>localhost</code>, add its host to
<code>images.remotePatterns</code> in <code>next.config.js</code>.</p>
<h3>medusa-js</h3>
${code(
  [
    'import Medusa from "@medusajs/medusa-js";',
    "",
    `const medusa = new Medusa({ baseUrl: "${address}", maxRetries: 3 });`,
    "const { products } = await medusa.products.list({ limit: 3 });",
  ].join("\n"),
)}
${
  publishableKey &&
  html`<p>Its publishable key, if you want one: <code>${publishableKey}</code></p>`
}
<h3>Postman</h3>
<p>Import <a href="/postman.json">${address}/postman.json</a> and run the numbered folders from top
to bottom.</p></section>`;
}
