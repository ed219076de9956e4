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

/** What happens while the provider thinks about a number of pieces; it asks ten for each. */
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
/** Puts one more piece into a basket, at the price that the provider says for all of them. */
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

describe("a provider that asks somebody else", () => {
  it("fails: nothing is written, and nothing stays locked", async () => {
    meanwhile = () => Promise.reject(new Error("away"));
    await expect(addOne("one")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ quantity: 1, price: null });
    await database.knex.raw("select from basket where id = 'one' for update nowait");
  });

  it("is about something that never stands still: given up after three tries, nothing written", async () => {
    meanwhile = () => elsewhere("one");
    await expect(addOne("one")).rejects.toMatchObject({ type: "conflict" });
    expect(askedQuantities).toEqual([2, 3, 4]);
    expect(await basket("one")).toMatchObject({ quantity: 4, price: null });
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
    expect(await addOne("one")).toBe(20);
    expect(await basket("one")).toMatchObject({ quantity: 2, price: 20 });
  });

  it("is asked again about what has changed meanwhile", async () => {
    meanwhile = (quantity) => (quantity === 2 ? elsewhere("one") : undefined);
    expect(await addOne("one")).toBe(30);
    expect(askedQuantities).toEqual([2, 3]);
    expect(await basket("one")).toMatchObject({ quantity: 3, price: 30 });
  });

  it("is not asked again for what it has answered", async () => {
    meanwhile = (quantity) =>
      quantity === 2
        ? elsewhere("one")
        : database.knex("basket").where({ id: "one" }).update({ quantity: 1 });
    expect(await addOne("one")).toBe(20);
    expect(askedQuantities).toEqual([2, 3]);
  });

  it("holds nobody up at another basket", async () => {
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

  it("is asked several things side by side, in the order given", async () => {
    const prices = await withProviderCalls((callProvider) =>
      runInTransaction(database.knex, () =>
        callProvider.each(fulfillment.get("remote"), "calculatePrice", [3, 1, 2].map(question)),
      ),
    );
    expect(prices).toEqual([30, 10, 20]);
    expect(askedQuantities.toSorted()).toEqual([1, 2, 3]);
  });

  it("is asked one thing after another, each with tries of its own", async () => {
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

describe("a provider that answers by itself", () => {
  it("is asked on the spot, in one go", async () => {
    const runs = { count: 0 };
    expect(await addOne("one", "pure", runs)).toBe(20);
    expect([askedQuantities, runs.count]).toEqual([[2], 1]);
  });

  it("its failure leaves nothing behind either", async () => {
    meanwhile = () => Promise.reject(new Error("broken"));
    await expect(addOne("one", "pure")).rejects.toMatchObject({ code: "provider_failed" });
    expect(await basket("one")).toMatchObject({ quantity: 1, price: null });
  });
});
