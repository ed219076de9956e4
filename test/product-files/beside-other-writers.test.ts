import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const PRODUCTS = 30;
const SIZES = ["S", "M", "L"];
const folder = mkdtempSync(join(tmpdir(), "nettle-products-"));
let program: NettleProgram;
let database: TestDatabase;

beforeAll(() => {
  program = buildProgram();
});
beforeEach(async () => {
  database = await openDatabase();
  return () => database.drop();
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

/** Imports products of these sizes, with a title and prices of this round. */
function importRound(round: number, sizes = SIZES, price = "EUR") {
  const header =
    "Product Handle;Product Title;Variant SKU;Variant Title;" +
    `Option 1 Name;Option 1 Value;Price ${price}`;
  const rows = Array.from({ length: PRODUCTS }, (_, number) =>
    sizes.map(
      (size) => `p-${number};Round ${round};SKU-${number}-${size};${size};Size;${size};${round}`,
    ),
  );
  const file = join(folder, `round-${round}.csv`);
  writeFileSync(file, [header, ...rows.flat()].join("\n"));
  return program.run(`import ${file}`, { DATABASE_URL: database.url });
}

const counts = (created: number, changed: number, refused: number) =>
  `${created} created, ${changed} changed, 0 unchanged, ${refused} refused`;

const titles = async () =>
  (await database.knex("product").distinct("title").orderBy("title")).map(({ title }) => title);

describe("nettle import beside other writers", { timeout: 240_000 }, () => {
  it.each([
    ["product", { handle: "p-7" }],
    ["product_variant", { sku: "SKU-7-M" }],
  ])("imports all but the product whose row of %s is held for long", async (table, row) => {
    await importRound(1);
    const other = await database.knex.transaction();
    await other(table).where(row).update({ updated_at: other.fn.now() });
    const begin = performance.now();
    const waiting = importRound(2);
    const changed = async () => (await database.knex("product").where({ title: "Round 2" })).length;
    await expect.poll(changed, { timeout: 120_000, interval: 20 }).toBe(PRODUCTS - 1);
    const othersAfter = performance.now() - begin;
    const { code, out, error } = await waiting;
    const refusedAfter = performance.now() - begin;
    await other.rollback();
    expect([code, out.trim()]).toEqual([1, counts(0, PRODUCTS - 1, 1)]);
    expect(error).toBe("line 23: another program holds the product; import it again\n");
    expect(await database.knex("product").where({ title: "Round 1" }).pluck("handle")).toEqual([
      "p-7",
    ]);
    expect(refusedAfter - othersAfter).toBeGreaterThan(8_000);
    expect((await importRound(2)).out).toContain("0 created, 1 changed, 29 unchanged, 0 refused");
  });

  it("loses nothing of a writer that changes prices and variants meanwhile", async () => {
    await importRound(1, SIZES, "USD");
    await importRound(2);
    const stop = new AbortController();
    const writers = [1, 2, 3].map((writer) => changeRepeatedly(writer, stop.signal));
    const results = [];
    for (const round of [3, 4, 5, 6]) results.push(await importRound(round, [...SIZES, "XL"]));
    stop.abort();
    const written = await Promise.all(writers);
    expect(results.map(({ code, error }) => ({ code, error }))).toEqual(
      results.map(() => ({ code: 0, error: "" })),
    );
    expect(written.every(({ rounds }) => rounds > 3)).toBe(true);
    expect(await titles()).toEqual(["Round 6"]);
    expect(await wholeProducts()).toEqual(
      Array.from({ length: PRODUCTS }, (_, number) => {
        const { size, last } = written[number % 3]!;
        return {
          handle: `p-${number}`,
          subtitle: `Change ${last.get(number)}`,
          sizes: [...SIZES, "XL", ...(size.has(number) ? ["Own"] : [])].toSorted(),
          euros: [600],
          dollars: last.has(number) ? [last.get(number)] : [100],
        };
      }),
    );
  });
});

/**
 * Changes products as an admin does, three in a transaction and from the last to the first: the
 * subtitle and all dollar prices, and it adds a variant once. A statement that fails is an error.
 */
async function changeRepeatedly(writer: number, signal: AbortSignal) {
  const knex = database.connect(1);
  const own = Array.from({ length: PRODUCTS }, (_, n) => n).filter((n) => n % 3 === writer - 1);
  const [last, size] = [new Map<number, number>(), new Set<number>()];
  let rounds = 0;
  for (; !signal.aborted || rounds < own.length; rounds++) {
    const change = 1000 * writer + rounds;
    const chosen = [0, 1, 2].map((step) => own[(rounds + step) % own.length]!);
    await knex.transaction(async (trx) => {
      for (const number of chosen.toSorted((one, other) => other - one)) {
        await changeProduct(trx, number, change, !size.has(number));
        size.add(number);
        last.set(number, change);
      }
    });
    await sleep(20);
  }
  return { rounds, last, size };
}

async function changeProduct(trx: Knex, number: number, change: number, adds: boolean) {
  const subtitle = `Change ${change}`;
  const [product] = await trx("product")
    .where({ handle: `p-${number}` })
    .update({ subtitle })
    .returning("id");
  if (adds) await addVariant(trx, product.id, number);
  await trx.raw(
    `update money_amount set amount = ? where currency_code = 'usd' and id in (
      select l.money_amount_id from product_variant_money_amount l
      join product_variant v on v.id = l.variant_id where v.product_id = ?)`,
    [change, product.id],
  );
  await trx.raw("select pg_sleep(0.005)");
}

async function addVariant(trx: Knex, productId: string, number: number): Promise<void> {
  const [id, sku] = [`variant_own_${number}`, `OWN-${number}`];
  const option = await trx("product_option").where({ product_id: productId }).first("id");
  await trx("product_variant").insert({
    ...{ id, sku, title: "Own", product_id: productId, inventory_quantity: 1 },
  });
  await trx("product_option_value").insert({
    ...{ id: `optval_own_${number}`, value: "Own", option_id: option.id, variant_id: id },
  });
}

/** Each product with its sizes and prices; a variant without its option value shows as `null`. */
async function wholeProducts(): Promise<unknown> {
  const { rows } = await database.knex.raw(`
    select p.handle, p.subtitle,
      (select array_agg(o.value order by o.value collate "C") from product_variant v
        left join product_option_value o on o.variant_id = v.id where v.product_id = p.id) as sizes,
      ${amounts("eur")} as euros, ${amounts("usd")} as dollars
    from product p order by substring(p.handle from 3)::int`);
  return rows;
}

const amounts = (currency: string) => `(select array_agg(distinct m.amount)
  from product_variant v join product_variant_money_amount l on l.variant_id = v.id
  join money_amount m on m.id = l.money_amount_id and m.currency_code = '${currency}'
  where v.product_id = p.id)`;
