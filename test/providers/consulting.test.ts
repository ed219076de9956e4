import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useCase } from "../../src/database/use-case.ts";
import { type Ask, consulting } from "../../src/providers/consulting.ts";
import { manualFulfillment } from "../../src/providers/fulfillment/manual-fulfillment.ts";
import { gatherProviders } from "../../src/providers/providers.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.knex.raw("create table basket (id text primary key, pieces integer not null, price integer)");
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.knex("basket").delete();
  await database.knex("basket").insert(["one", "two"].map((id) => ({ id, pieces: 1 })));
});

/** What happens while the provider thinks about a number of pieces; it asks ten for each. */
let meanwhile: (pieces: number) => unknown;
const asked: number[] = [];
beforeEach(() => {
  asked.length = 0;
  meanwhile = () => undefined;
});
const provider = (pure: boolean) => ({
  ...manualFulfillment,
  id: pure ? "pure" : "remote",
  pure,
  calculatePrice: async ({ data }: { data: Readonly<Record<string, unknown>> }) => {
    const pieces = Number(data["pieces"]);
    asked.push(pieces);
    await meanwhile(pieces);
    return pieces * 10;
  },
});
const { fulfillment } = gatherProviders(1, { fulfillment: [provider(false), provider(true)] });

const question = (pieces: number) => ({
  option: { id: "so_1", data: {} },
  data: { pieces },
  cart: { id: "cart_1", region_id: "reg_1", currency_code: "eur", email: null, shipping_address: null, items: [] },
});
/** Puts one more piece into a basket, at the price that the provider says for all of them. */
const add = (id: string, by = "remote", runs = { count: 0 }) =>
  consulting((ask: Ask) =>
    useCase(database.knex, async (trx) => {
      runs.count++;
      const basket = await trx("basket").where({ id }).forUpdate().first();
      const pieces = basket.pieces + 1;
      const price = await ask(fulfillment.get(by), "calculatePrice", question(pieces));
      await trx("basket").where({ id }).update({ pieces, price });
      return price;
    }),
  );
const basket = (id: string) => database.knex("basket").where({ id }).first();
const elsewhere = (id: string) => database.knex("basket").where({ id }).increment("pieces", 1);

describe("a provider that asks somebody else", () => {
  it("fails: nothing is written, and nothing stays locked", async () => {
    meanwhile = () => Promise.reject(new Error("away"));
    await expect(add("one")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ pieces: 1, price: null });
    await database.knex.raw("select from basket where id = 'one' for update nowait");
  });

  it("is about something that never stands still: given up after three tries, nothing written", async () => {
    meanwhile = () => elsewhere("one");
    await expect(add("one")).rejects.toMatchObject({ type: "conflict" });
    expect(asked).toEqual([2, 3, 4]);
    expect(await basket("one")).toMatchObject({ pieces: 4, price: null });
  });

  it("is asked while nothing is locked and no transaction is open", async () => {
    const other = database.connect(1);
    meanwhile = async () => {
      await other.raw("select from basket where id = 'one' for update nowait");
      const { rows } = await other.raw(
        "select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
      );
      expect(rows).toEqual([]);
    };
    expect(await add("one")).toBe(20);
    expect(await basket("one")).toMatchObject({ pieces: 2, price: 20 });
  });

  it("is asked again about what has changed meanwhile", async () => {
    meanwhile = (pieces) => (pieces === 2 ? elsewhere("one") : undefined);
    expect(await add("one")).toBe(30);
    expect(asked).toEqual([2, 3]);
    expect(await basket("one")).toMatchObject({ pieces: 3, price: 30 });
  });

  it("is not asked again for what it has answered", async () => {
    meanwhile = (pieces) =>
      pieces === 2 ? elsewhere("one") : database.knex("basket").where({ id: "one" }).update({ pieces: 1 });
    expect(await add("one")).toBe(20);
    expect(asked).toEqual([2, 3]);
  });

  it("holds nobody up at another basket", async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((done) => (free = done));
    let first = true;
    meanwhile = () => {
      if (!first) return;
      first = false;
      return held;
    };
    const slow = add("one");
    expect(await add("two")).toBe(20);
    free();
    expect(await slow).toBe(20);
  });

  it("is asked several things side by side, in the order given", async () => {
    const prices = await consulting((ask) =>
      useCase(database.knex, () => ask.each(fulfillment.get("remote"), "calculatePrice", [3, 1, 2].map(question))),
    );
    expect(prices).toEqual([30, 10, 20]);
    expect(asked.toSorted()).toEqual([1, 2, 3]);
  });

  it("is asked one thing after another, each with tries of its own", async () => {
    const runs = { count: 0 };
    const prices = await consulting(async (ask) => {
      runs.count++;
      const chain = [1];
      for (let at = 0; at < 5; at++) {
        chain.push((await ask(fulfillment.get("remote"), "calculatePrice", question(chain.at(-1)!))) / 10 + 1);
      }
      return chain;
    });
    expect([prices, asked, runs.count]).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5], 6]);
  });
});

describe("a provider that answers by itself", () => {
  it("is asked on the spot, in one go", async () => {
    const runs = { count: 0 };
    expect(await add("one", "pure", runs)).toBe(20);
    expect([asked, runs.count]).toEqual([[2], 1]);
  });

  it("its failure leaves nothing behind either", async () => {
    meanwhile = () => Promise.reject(new Error("broken"));
    await expect(add("one", "pure")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ pieces: 1, price: null });
  });
});
