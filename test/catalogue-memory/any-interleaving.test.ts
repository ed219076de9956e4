import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Knex } from "knex";
import { afterAll, describe, expect, it } from "vitest";
import type { CatalogueMemory } from "../../src/catalogue-memory/catalogue-memory.ts";
import { aProduct } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { untilServing } from "./kept-answers.ts";

/** Each has ten reads and writes at once. NETTLE_TEST_ROUNDS sets another number. */
const ROUNDS = Number(process.env["NETTLE_TEST_ROUNDS"] ?? 1_000);
const STEPS = 10;

const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

describe("reads and writes, however they interleave,", () => {
  const shop = openShop({ settings: { CATALOGUE_MEMORY: "1mb" } });
  const get = (path: string, url = shop.url) =>
    new Promise<string>((resolve, reject) => {
      request(url + path, { agent }, (answer) => {
        let text = `${answer.statusCode} `;
        answer.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
      })
        .on("error", reject)
        .end();
    });

  /** Resolves once the listener has received all that was sent before. */
  const fence = async (round: number) => {
    const { memory } = shop;
    const name = `fence ${round}`;
    const arrived = new Promise<void>((resolve) => {
      const drop = memory.drop.bind(memory);
      memory.drop = (change) => {
        drop(change);
        if (typeof change === "object" && "table" in change && change.table === name) {
          memory.drop = drop;
          resolve();
        }
      };
    });
    await shop.knex.raw("select nettle_catalogue_notify('table' || chr(31) || ?)", [name]);
    await arrived;
  };

  it(
    `leave nothing stale: ${ROUNDS} rounds`,
    async () => {
      const products: { id: string; variants: { id: string }[] }[] = [];
      for (let n = 0; n < 2; n++) products.push(await aProduct(shop.knex, { title: `T ${n}` }));
      const paths = [
        ...products.map(({ id }) => `/store/products/${id}?fields=title&expand=variants.prices`),
        "/store/products?fields=title&order=title&limit=1",
        "/store/variants?inventory_quantity=3",
        "/store/return-reasons",
      ];
      const writes = writesOf(shop.knex, products);
      const step = fc.record({
        delay: fc.integer({ min: 0, max: 3 }),
        write: fc.option(fc.nat(writes.length - 1), { freq: 3 }),
        path: fc.nat(paths.length - 1),
        product: fc.nat(products.length - 1),
        value: fc.integer({ min: 0, max: 5 }),
      });
      const rounds = fc.sample(fc.array(step, { minLength: STEPS, maxLength: STEPS }), {
        numRuns: ROUNDS,
        seed: 20_260,
      });
      await untilServing(shop);
      delayBuilds(shop.memory);
      const { hits } = shop.memory.counts;
      for (const [round, steps] of rounds.entries()) {
        await Promise.all(
          steps.map(async ({ delay, write, path, product, value }) => {
            if (delay > 0) await sleep(delay);
            if (write === null) await get(paths[path] ?? "");
            else await writes[write]?.(product, value);
          }),
        );
        await fence(round);
        const answers = await Promise.all(paths.map((path) => get(path)));
        const truth = await Promise.all(paths.map((path) => get(path, shop.uncachedUrl)));
        expect([round, ...answers]).toEqual([round, ...truth]);
      }
      // Without hits nothing would have been compared.
      expect(shop.memory.counts.hits - hits).toBeGreaterThan(ROUNDS);
    },
    ROUNDS * 1_000,
  );
});

/** Lets answers wait a little between their reading and their keeping, as on a busy machine. */
function delayBuilds(memory: CatalogueMemory): void {
  const read = memory.read.bind(memory);
  let count = 0;
  memory.read = (key, route, build) =>
    read(key, route, async () => {
      const built = await build();
      count++;
      if (count % 2 === 0) await sleep(count % 5);
      return built;
    });
}

/** Changes of all kinds to one of the products. */
function writesOf(
  knex: Knex,
  products: readonly { readonly id: string; readonly variants: readonly { id: string }[] }[],
) {
  const idOf = (at: number) => products[at]?.id ?? "";
  const variantOf = (at: number) => products[at]?.variants[0]?.id ?? "";
  const product = (at: number, change: object, on: Knex = knex) =>
    on("product")
      .where({ id: idOf(at) })
      .update(change);
  const variant = (at: number, change: object, on: Knex = knex) =>
    on("product_variant")
      .where({ id: variantOf(at) })
      .update(change);
  return [
    (at: number, n: number) => product(at, { title: `T ${n}` }),
    (at: number, n: number) => product(at, { status: n % 2 ? "published" : "draft" }),
    (at: number, n: number) => variant(at, { inventory_quantity: n }),
    (at: number, n: number) => variant(at, { title: `V ${n}`, inventory_quantity: n }),
    (at: number, n: number) =>
      knex("money_amount")
        .whereIn(
          "id",
          knex("product_variant_money_amount")
            .where({ variant_id: variantOf(at) })
            .select("money_amount_id"),
        )
        .update({ amount: n }),
    (_: number, n: number) =>
      knex("return_reason")
        .insert({ id: `rr_${n}`, value: `${n}`, label: "Reason" })
        .onConflict()
        .ignore(),
    () => knex("return_reason").delete(),
    (at: number, n: number) =>
      knex.transaction(async (trx) => {
        await variant(at, { inventory_quantity: n }, trx);
        await sleep(n);
        await product(at, { title: `S ${n}` }, trx);
        await sleep(1);
      }),
    async (at: number, n: number) => {
      const trx = await knex.transaction();
      await product(at, { title: `Never ${n}` }, trx);
      await trx.rollback();
    },
  ];
}
