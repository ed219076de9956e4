import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incrementDiscountUsage } from "../../src/domains/discounts/increment-discount-usage.ts";
import { aDiscount, anOrder } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

let database: TestDatabase;
let discount: { id: string; code: string };
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  discount = await aDiscount(database.knex);
});

const usageCount = async () =>
  (await database.knex("discount").where({ id: discount.id }).first()).usage_count;
const usageRows = () => database.knex("nettle_discount_use").where({ discount_id: discount.id });
/** Medusa places an order with the discount. */
const placeOrderInMedusa = (more = {}) =>
  anOrder(database.knex, { discounts: [discount.id], ...more });
/** Medusa writes what it had read, plus one. */
const writeUsageCountInMedusa = (read: number) =>
  database
    .knex("discount")
    .where({ id: discount.id })
    .update({ usage_count: read + 1 });
/** We place one, and a Medusa will hear of it, or not. */
const placeOrder = (notifiesMedusa = true) =>
  database.knex.transaction(async (trx) => {
    await incrementDiscountUsage(trx, [discount], notifiesMedusa);
    await anOrder(trx, { discounts: [discount.id] });
  });

describe("uses of a discount that a Medusa counts, too", () => {
  it("are its own, one for each of its orders", async () => {
    for (const read of [0, 1, 2]) {
      await placeOrderInMedusa();
      await writeUsageCountInMedusa(read);
    }
    expect(await usageCount()).toBe(3);
    expect(await usageRows()).toEqual([]);
  });

  it("are not counted again when it hears of ours", async () => {
    await placeOrder();
    await placeOrder();
    await writeUsageCountInMedusa(1);
    await writeUsageCountInMedusa(2);
    expect([await usageCount(), await usageRows()]).toEqual([2, []]);
  });

  it("are what is written where no order waits to be counted", async () => {
    await placeOrder(false);
    await writeUsageCountInMedusa(1);
    expect(await usageCount()).toBe(2);
  });

  it("are what is written long after an order that it never counted", async () => {
    await placeOrder();
    await database
      .knex("nettle_discount_use")
      .update({ noted_at: new Date(Date.now() - 25 * 3600_000) });
    await writeUsageCountInMedusa(1);
    expect([await usageCount(), await usageRows()]).toEqual([2, []]);
  });

  it("are not lost when it writes what it read long ago", async () => {
    for (let number = 0; number < 3; number++) await placeOrder();
    await placeOrderInMedusa();
    await writeUsageCountInMedusa(0);
    for (const read of [1, 1, 3]) await writeUsageCountInMedusa(read);
    expect([await usageCount(), await usageRows()]).toEqual([4, []]);
  });

  it("are counted with our next one where it never came to it, and fill the limit", async () => {
    await database.knex("discount").where({ id: discount.id }).update({ usage_limit: 3 });
    await placeOrderInMedusa();
    await placeOrderInMedusa();
    await placeOrder();
    expect(await usageCount()).toBe(3);
    await expect(placeOrder()).rejects.toThrow("has been used maximum allowed times");
    await placeOrderInMedusa();
    for (const read of [0, 3, 3, 3]) await writeUsageCountInMedusa(read);
    expect([await usageCount(), await usageRows()]).toEqual([4, []]);
  });

  it("are right when both write at once", async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        if (number % 2) await placeOrder();
        else await placeOrderInMedusa();
        await writeUsageCountInMedusa(Math.max(0, (await usageCount()) - (number % 3)));
      }),
    );
    expect([await usageCount(), await usageRows()]).toEqual([30, []]);
  });

  it("are set by hand to nothing, to many, or to anything by who says so", async () => {
    for (let number = 0; number < 5; number++) await placeOrder();
    const set = (usage_count: number, knex: Knex = database.knex) =>
      knex("discount").where({ id: discount.id }).update({ usage_count });
    await set(40);
    expect(await usageCount()).toBe(40);
    await database.knex.transaction(async (trx) => {
      await trx.raw("set local nettle.counts_uses = 'on'");
      await set(39, trx);
    });
    expect(await usageCount()).toBe(39);
    await set(0);
    expect(await usageCount()).toBe(0);
  });

  it("are none of orders that are brought in from long ago", async () => {
    await placeOrderInMedusa({ created_at: new Date("2020-05-05") });
    expect(await usageRows()).toEqual([]);
  });

  it("do not keep Medusa from writing when they cannot be counted", async () => {
    await database.knex.raw("alter table nettle_discount_use rename to nettle_away");
    try {
      await placeOrderInMedusa();
      await writeUsageCountInMedusa(0);
      expect(await usageCount()).toBe(1);
    } finally {
      await database.knex.raw("alter table nettle_away rename to nettle_discount_use");
    }
  });
});
