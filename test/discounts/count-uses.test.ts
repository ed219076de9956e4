import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countUses } from "../../src/domains/discounts/count-uses.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { aDiscount, anOrder } from "../support/order-builders.ts";

let database: TestDatabase;
let discount: { id: string; code: string };
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  discount = (await aDiscount(database.knex, "percentage", 10)) as never;
});

const uses = async () => (await database.knex("discount").where({ id: discount.id }).first()).usage_count;
const noted = () => database.knex("nettle_discount_use").where({ discount_id: discount.id });
/** Medusa places an order with the discount. */
const placedByMedusa = (more = {}) => anOrder(database.knex, { discounts: [discount.id], ...more });
/** Medusa writes what it had read, plus one. */
const writtenByMedusa = (read: number) =>
  database
    .knex("discount")
    .where({ id: discount.id })
    .update({ usage_count: read + 1 });
/** We place one, and a Medusa will hear of it, or not. */
const placedByUs = (isTold = true) =>
  database.knex.transaction(async (trx) => {
    await countUses(trx, [discount], isTold);
    await anOrder(trx, { discounts: [discount.id] });
  });

describe("uses of a discount that a Medusa counts, too", () => {
  it("are its own, one for each of its orders", async () => {
    for (const read of [0, 1, 2]) {
      await placedByMedusa();
      await writtenByMedusa(read);
    }
    expect(await uses()).toBe(3);
    expect(await noted()).toEqual([]);
  });

  it("are not counted again when it hears of ours", async () => {
    await placedByUs();
    await placedByUs();
    await writtenByMedusa(1);
    await writtenByMedusa(2);
    expect([await uses(), await noted()]).toEqual([2, []]);
  });

  it("are what is written where no order waits to be counted", async () => {
    await placedByUs(false);
    await writtenByMedusa(1);
    expect(await uses()).toBe(2);
  });

  it("are what is written long after an order that it never counted", async () => {
    await placedByUs();
    await database.knex("nettle_discount_use").update({ noted_at: new Date(Date.now() - 25 * 3600_000) });
    await writtenByMedusa(1);
    expect([await uses(), await noted()]).toEqual([2, []]);
  });

  it("are not lost when it writes what it read long ago", async () => {
    for (let number = 0; number < 3; number++) await placedByUs();
    await placedByMedusa();
    await writtenByMedusa(0);
    for (const read of [1, 1, 3]) await writtenByMedusa(read);
    expect([await uses(), await noted()]).toEqual([4, []]);
  });

  it("are counted with our next one where it never came to it, and fill the limit", async () => {
    await database.knex("discount").where({ id: discount.id }).update({ usage_limit: 3 });
    await placedByMedusa();
    await placedByMedusa();
    await placedByUs();
    expect(await uses()).toBe(3);
    await expect(placedByUs()).rejects.toThrow("has been used maximum allowed times");
    await placedByMedusa();
    for (const read of [0, 3, 3, 3]) await writtenByMedusa(read);
    expect([await uses(), await noted()]).toEqual([4, []]);
  });

  it("are right when both write at once", async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        if (number % 2) await placedByUs();
        else await placedByMedusa();
        await writtenByMedusa(Math.max(0, (await uses()) - (number % 3)));
      }),
    );
    expect([await uses(), await noted()]).toEqual([30, []]);
  });

  it("are set by hand to nothing, to many, or to anything by who says so", async () => {
    for (let number = 0; number < 5; number++) await placedByUs();
    const set = (usage_count: number, knex: Knex = database.knex) =>
      knex("discount").where({ id: discount.id }).update({ usage_count });
    await set(40);
    expect(await uses()).toBe(40);
    await database.knex.transaction(async (trx) => {
      await trx.raw("set local nettle.counts_uses = 'on'");
      await set(39, trx);
    });
    expect(await uses()).toBe(39);
    await set(0);
    expect(await uses()).toBe(0);
  });

  it("are none of orders that are brought in from long ago", async () => {
    await placedByMedusa({ created_at: new Date("2020-05-05") });
    expect(await noted()).toEqual([]);
  });

  it("do not keep Medusa from writing when they cannot be counted", async () => {
    await database.knex.raw("alter table nettle_discount_use rename to nettle_away");
    try {
      await placedByMedusa();
      await writtenByMedusa(0);
      expect(await uses()).toBe(1);
    } finally {
      await database.knex.raw("alter table nettle_away rename to nettle_discount_use");
    }
  });
});
