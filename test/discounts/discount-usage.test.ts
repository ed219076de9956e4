import type { Knex } from "knex";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
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
/** Inserts an order as Medusa does. */
const placeOrderInMedusa = (more = {}) =>
  anOrder(database.knex, { discounts: [discount.id], ...more });
/** Writes the count that Medusa read before, plus one. */
const writeUsageCountInMedusa = (read: number) =>
  database
    .knex("discount")
    .where({ id: discount.id })
    .update({ usage_count: read + 1 });
/** Counts a use and inserts an order as Nettle does, with or without an event for Medusa. */
const placeOrder = (notifiesMedusa = true) =>
  runInTransaction(database.knex, async (trx) => {
    incrementDiscountUsage(trx, [discount], notifiesMedusa);
    await anOrder(trx, { discounts: [discount.id] });
  });

describe("the usage count of a discount that Medusa counts, too", () => {
  it("counts Medusa's orders", async () => {
    for (const read of [0, 1, 2]) {
      await placeOrderInMedusa();
      await writeUsageCountInMedusa(read);
    }
    expect(await usageCount()).toBe(3);
    expect(await usageRows()).toEqual([]);
  });

  it("does not count our order again when Medusa receives its event", async () => {
    await placeOrder();
    await placeOrder();
    await writeUsageCountInMedusa(1);
    await writeUsageCountInMedusa(2);
    expect([await usageCount(), await usageRows()]).toEqual([2, []]);
  });

  it("takes Medusa's value when no order waits to be counted", async () => {
    await placeOrder(false);
    await writeUsageCountInMedusa(1);
    expect(await usageCount()).toBe(2);
  });

  it("takes Medusa's value a day after an order that Medusa never counted", async () => {
    await placeOrder();
    await database
      .knex("nettle_discount_use")
      .update({ noted_at: new Date(Date.now() - 25 * 3600_000) });
    await writeUsageCountInMedusa(1);
    expect([await usageCount(), await usageRows()]).toEqual([2, []]);
  });

  it("loses no use when Medusa writes an outdated value", async () => {
    for (let number = 0; number < 3; number++) await placeOrder();
    await placeOrderInMedusa();
    await writeUsageCountInMedusa(0);
    for (const read of [1, 1, 3]) await writeUsageCountInMedusa(read);
    expect([await usageCount(), await usageRows()]).toEqual([4, []]);
  });

  it("counts an order that Medusa did not count with our next order", async () => {
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

  it("is right when both write at once", async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        if (number % 2) await placeOrder();
        else await placeOrderInMedusa();
        await writeUsageCountInMedusa(Math.max(0, (await usageCount()) - (number % 3)));
      }),
    );
    expect([await usageCount(), await usageRows()]).toEqual([30, []]);
  });

  it("can be set by hand", async () => {
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

  it("does not count imported orders", async () => {
    await placeOrderInMedusa({ created_at: new Date("2020-05-05") });
    expect(await usageRows()).toEqual([]);
  });

  it("never blocks Medusa's writes", async () => {
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
