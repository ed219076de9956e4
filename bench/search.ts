import { createServer } from "node:http";
import { createApp } from "../src/app.ts";
import { composeShop } from "../src/compose.ts";
import { readConfig } from "../src/config/config.ts";
import { connectDatabase } from "../src/database/connect-database.ts";
import { migrateDatabase } from "../src/database/migrate-database.ts";
import { rebuildSearch } from "../src/domains/search/rebuild-search.ts";
import { createProviders } from "../src/providers/providers.ts";
import { createLog } from "../src/runtime/log.ts";
import { insertManyProducts } from "./insert-many-products.ts";

/** Measures searches over many products, relative to a page of the product list; see README.md. */
const PRODUCTS = Number(process.env["BENCH_PRODUCTS"] ?? 20_000);
const ROUNDS = 60;

const url = process.env["DATABASE_URL"];
if (!url)
  throw new Error(
    "DATABASE_URL is missing: set it to an empty database, or to one filled by this benchmark",
  );
const config = readConfig({
  DATABASE_URL: url,
  JWT_SECRET: "bench-secret-of-no-shop",
  COOKIE_SECRET: "bench-secret-of-no-shop-2",
  RATE_LIMIT: "off",
  LOG_LEVEL: "error",
});
const timeouts = {
  statementTimeout: 120_000,
  lockTimeout: 10_000,
  idleInTransactionTimeout: 60_000,
  acquireTimeout: 10_000,
};
const knex = connectDatabase({ url, poolSize: 4, prepare: true, ...timeouts });
await migrateDatabase(knex, { adopt: false, log: () => undefined });
if (!(await knex("product").first("id"))) await fill();

const log = createLog("error");
const parts = composeShop(config, { knex, providers: createProviders(10), log });
const server = createServer(createApp(config, { knex, redis: undefined, log }, parts));
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address() as { port: number };
const shop = `http://127.0.0.1:${port}`;

const search = (body: object) => () =>
  fetch(`${shop}/store/products/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ limit: 12, ...body }),
  });
const list = (query: string) => () => fetch(`${shop}/store/products?limit=12${query}`);
const cases: [string, () => Promise<Response>][] = [
  ["a page of products", list("")],
  ["search: two words", search({ q: "merino tee" })],
  ["search: misspelt", search({ q: "merno trousres" })],
  ["search: a word in every product", search({ q: "made" })],
  ["search: a SKU", search({ q: "NW-000123-S" })],
  ["search: no words", search({ q: "" })],
  ["search: filtered", search({ q: "jacket", filter: "tags_value = Moss AND prices.eur < 5000" })],
  ["search: with facets", search({ q: "merino tee", facets: ["tags_value", "type_value"] })],
  ["list: q, substring", list("&q=merino%20tee")],
  ["list: q, nothing found", list("&q=zeppelin")],
];

const medians = new Map<string, number>();
for (const [name, request] of cases) medians.set(name, await median(request));
const page = medians.get("a page of products")!;
console.log(`${PRODUCTS} products, median of ${ROUNDS} answers, one after another`);
for (const [name, time] of medians)
  console.log(
    `${name.padEnd(34)} ${time.toFixed(1).padStart(7)} ms  ${(time / page).toFixed(2)} × the page`,
  );
server.close();
await knex.destroy();

async function fill(): Promise<void> {
  const began = performance.now();
  const { variants } = await insertManyProducts(knex, PRODUCTS);
  const filled = performance.now();
  const found = await rebuildSearch(knex, () => undefined);
  await knex.raw("vacuum analyze");
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  console.log(
    `Filled with ${PRODUCTS} products, ${variants} variants in ${seconds(began, filled)} s`,
  );
  console.log(
    `Read ${found} products into the search index in ${seconds(filled, performance.now())} s`,
  );
}

async function median(request: () => Promise<Response>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS + 10; round++) {
    const began = performance.now();
    const answer = await request();
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`Answered ${answer.status}`);
    if (round >= 10) times.push(performance.now() - began);
  }
  return times.toSorted((one, other) => one - other)[ROUNDS / 2]!;
}
