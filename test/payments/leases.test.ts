import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorizationLeases } from "../../src/domains/payments/attempts/authorization-leases.ts";
import { checkoutLeases } from "../../src/domains/payments/attempts/checkout-leases.ts";
import {
  acquireInterruptedLeases,
  acquireLeases,
  endLease,
  findInterrupted,
  isLeased,
  type Lease,
  LeaseLostError,
  type LeaseTable,
  recordFailedTry,
  recordStep,
  releaseLeases,
  renewLeases,
} from "../../src/domains/payments/attempts/lease-queries.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await openDatabase();
  knex = database.knex;
});
afterAll(() => database.drop());

/** The same rules hold for both tables, whatever else their rows record. */
interface TableCase {
  readonly table: LeaseTable<Lease>;
  readonly newRow: (id: string) => object;
}

const cases: readonly TableCase[] = [
  {
    table: checkoutLeases as unknown as LeaseTable<Lease>,
    newRow: (id) => ({ cart_id: id }),
  },
  {
    table: authorizationLeases as unknown as LeaseTable<Lease>,
    newRow: (id) => ({
      session_id: id,
      payment_collection_id: id,
      attempt: "attempt_1",
      provider_id: "remote",
      amount: 1000,
      currency_code: "eur",
      data: { id: "pay_1" },
      context: {},
      tries: 0,
    }),
  },
];

describe.each(cases)("a lease in $table.name", ({ table, newRow }) => {
  let count = 0;
  const aLease = async () => {
    const id = `${table.name}_${count++}`;
    const [lease] = await acquire(id);
    return { id, lease: lease! };
  };
  const acquire = (id: string) =>
    knex.transaction((trx) => acquireLeases(trx, table, [newRow(id) as Partial<Lease>]));
  const rows = (id: string) => knex(table.name).where({ [table.key]: id });
  const expire = (id: string) => rows(id).update({ claimed_until: knex.raw("now()") });

  it("is held by one process", async () => {
    const { id } = await aLease();
    expect(await acquire(id)).toEqual([]);
    expect(await acquireInterruptedLeases(knex, table, id)).toEqual([]);
    expect(await isLeased(knex, table, id)).toBe(true);
  });

  it("is acquired again once it has expired, under another fencing token", async () => {
    const { id, lease } = await aLease();
    await expire(id);
    const [next] = await acquireInterruptedLeases(knex, table, id);
    expect(next).toMatchObject({ [table.key]: id });
    expect(next!.fence).not.toBe(lease.fence);
  });

  it("keeps what it has recorded when another process acquires it", async () => {
    const { id, lease } = await aLease();
    await recordStep(knex, table, lease, { attempt: "attempt_2", data: { step: 2 } } as object);
    await expire(id);
    expect(await acquire(id)).toMatchObject([{ attempt: "attempt_2", data: { step: 2 } }]);
  });

  it("is lost to a stale holder, who changes nothing", async () => {
    const { id, lease } = await aLease();
    await expire(id);
    const [next] = await acquire(id);
    await expect(recordStep(knex, table, lease, { attempt: "x" })).rejects.toThrow(LeaseLostError);
    await expect(endLease(knex, table, lease)).rejects.toThrow(LeaseLostError);
    await renewLeases(knex, table, [lease]);
    await releaseLeases(knex, table, [lease]);
    expect(await rows(id)).toMatchObject([{ fence: next!.fence, attempt: next!.attempt }]);
    expect(await acquire(id)).toEqual([]);
  });

  it("may be acquired at once after it was released", async () => {
    const { id, lease } = await aLease();
    await releaseLeases(knex, table, [lease]);
    expect(await acquire(id)).toHaveLength(1);
  });

  it("is renewed without waiting for a transaction that ends it", async () => {
    const { lease, id } = await aLease();
    const trx = await knex.transaction();
    await endLease(trx, table, lease);
    await renewLeases(knex, table, [lease]);
    await trx.commit();
    expect(await isLeased(knex, table, id)).toBe(false);
  });

  it("is due for a retry after a pause that doubles from 15 seconds to an hour", async () => {
    const { id } = await aLease();
    const isDue = async () =>
      (await findInterrupted(knex, table, 0, 100)).some((interrupted) => interrupted.id === id);
    const setBack = (seconds: number) =>
      rows(id).update({
        claimed_until: knex.raw(`now() - interval '${seconds} seconds'`),
        ...(table.name === "nettle_checkout" && {
          next_try_at: knex.raw(`next_try_at - interval '${seconds} seconds'`),
        }),
      });
    expect(await isDue()).toBe(false);
    await expire(id);
    expect(await isDue()).toBe(true);
    for (const seconds of [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]) {
      expect(await recordFailedTry(knex, table, id)).toBe(true);
      await setBack(seconds - 5);
      expect([seconds, await isDue()]).toEqual([seconds, false]);
      await setBack(seconds + 1);
      expect([seconds, await isDue()]).toEqual([seconds, true]);
    }
  });

  it("forgets failed retries with a new attempt", async () => {
    const { id, lease } = await aLease();
    await recordFailedTry(knex, table, id);
    expect(await recordStep(knex, table, lease, {})).toMatchObject({ tries: 1 });
    expect(await recordStep(knex, table, lease, { attempt: "attempt_2" })).toMatchObject({
      tries: 0,
    });
  });

  it("that has ended is not to be resumed", async () => {
    const { id, lease } = await aLease();
    await endLease(knex, table, lease);
    expect(await recordFailedTry(knex, table, id)).toBe(false);
  });
});
