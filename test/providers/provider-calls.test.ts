import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CallProvider, withProviderCalls } from "../../src/commands/provider-calls.ts";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { manualFulfillment } from "../../src/providers/fulfillment/manual-fulfillment.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.knex.raw(
    "create table basket (id text primary key, quantity integer not null, price integer)",
  );
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.knex("basket").delete();
  await database.knex("basket").insert(["one", "two"].map((id) => ({ id, quantity: 1 })));
});

/** Runs during the provider's call about a quantity. The price is ten per item. */
let meanwhile: (quantity: number) => unknown;
const askedQuantities: number[] = [];
beforeEach(() => {
  askedQuantities.length = 0;
  meanwhile = () => undefined;
});
const provider = (pure: boolean) => ({
  ...manualFulfillment,
  id: pure ? "pure" : "remote",
  pure,
  calculatePrice: async ({ data }: { data: Readonly<Record<string, unknown>> }) => {
    const quantity = Number(data["quantity"]);
    askedQuantities.push(quantity);
    await meanwhile(quantity);
    return quantity * 10;
  },
});
const { fulfillment } = createProviders(1, { fulfillment: [provider(false), provider(true)] });

const question = (quantity: number) => ({
  option: { id: "so_1", data: {} },
  data: { quantity },
  cart: {
    id: "cart_1",
    region_id: "reg_1",
    currency_code: "eur",
    email: null,
    shipping_address: null,
    items: [],
  },
});
/** Adds one item to a basket, at the price that the provider returns for the new quantity. */
const addOne = (id: string, by = "remote", runs = { count: 0 }) =>
  withProviderCalls((callProvider: CallProvider) =>
    runInTransaction(database.knex, async (trx) => {
      runs.count++;
      const basket = await trx("basket").where({ id }).forUpdate().first();
      const quantity = basket.quantity + 1;
      const price = await callProvider(fulfillment.get(by), "calculatePrice", question(quantity));
      await trx("basket").where({ id }).update({ quantity, price });
      return price;
    }),
  );
const basket = (id: string) => database.knex("basket").where({ id }).first();
const elsewhere = (id: string) => database.knex("basket").where({ id }).increment("quantity", 1);

describe("a remote provider", () => {
  it("leaves nothing written or locked when it fails", async () => {
    meanwhile = () => Promise.reject(new Error("away"));
    await expect(addOne("one")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ quantity: 1, price: null });
    await database.knex.raw("select from basket where id = 'one' for update nowait");
  });

  it("is given up after three calls when the row always changes", async () => {
    meanwhile = () => elsewhere("one");
    await expect(addOne("one")).rejects.toMatchObject({ type: "conflict" });
    expect(askedQuantities).toEqual([2, 3, 4]);
    expect(await basket("one")).toMatchObject({ quantity: 4, price: null });
  });

  it("is called without a lock or an open transaction", async () => {
    const other = database.connect(1);
    meanwhile = async () => {
      await other.raw("select from basket where id = 'one' for update nowait");
      const { rows } = await other.raw(
        "select 1 from pg_stat_activity where datname = current_database() and state like 'idle " +
          "in transaction%'",
      );
      expect(rows).toEqual([]);
    };
    expect(await addOne("one")).toBe(20);
    expect(await basket("one")).toMatchObject({ quantity: 2, price: 20 });
  });

  it("is called again when the row has changed", async () => {
    meanwhile = (quantity) => (quantity === 2 ? elsewhere("one") : undefined);
    expect(await addOne("one")).toBe(30);
    expect(askedQuantities).toEqual([2, 3]);
    expect(await basket("one")).toMatchObject({ quantity: 3, price: 30 });
  });

  it("is not called again for an answered question", async () => {
    meanwhile = (quantity) =>
      quantity === 2
        ? elsewhere("one")
        : database.knex("basket").where({ id: "one" }).update({ quantity: 1 });
    expect(await addOne("one")).toBe(20);
    expect(askedQuantities).toEqual([2, 3]);
  });

  it("does not block another basket", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => (release = done));
    let first = true;
    meanwhile = () => {
      if (!first) return;
      first = false;
      return held;
    };
    const slow = addOne("one");
    expect(await addOne("two")).toBe(20);
    release();
    expect(await slow).toBe(20);
  });

  it("is called in parallel for several questions", async () => {
    const prices = await withProviderCalls((callProvider) =>
      runInTransaction(database.knex, () =>
        callProvider.each(fulfillment.get("remote"), "calculatePrice", [3, 1, 2].map(question)),
      ),
    );
    expect(prices).toEqual([30, 10, 20]);
    expect(askedQuantities.toSorted()).toEqual([1, 2, 3]);
  });

  it("is called for one question after another", async () => {
    const runs = { count: 0 };
    const prices = await withProviderCalls(async (callProvider) => {
      runs.count++;
      const chain = [1];
      for (let at = 0; at < 5; at++) {
        chain.push(
          (await callProvider(
            fulfillment.get("remote"),
            "calculatePrice",
            question(chain.at(-1)!),
          )) /
            10 +
            1,
        );
      }
      return chain;
    });
    expect([prices, askedQuantities, runs.count]).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5], 6]);
  });
});

describe("a pure provider", () => {
  it("is called once, inside the transaction", async () => {
    const runs = { count: 0 };
    expect(await addOne("one", "pure", runs)).toBe(20);
    expect([askedQuantities, runs.count]).toEqual([[2], 1]);
  });

  it("leaves nothing written when it fails", async () => {
    meanwhile = () => Promise.reject(new Error("broken"));
    await expect(addOne("one", "pure")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ quantity: 1, price: null });
  });
});
