import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answerIdempotently } from "../../src/commands/idempotency.ts";
import { BusyError } from "../../src/commands/retry-while-busy.ts";
import { runCommand } from "../../src/commands/run-command.ts";
import type { RequestIdempotency } from "../../src/core/request-context.ts";
import { manualFulfillment } from "../../src/providers/fulfillment/manual-fulfillment.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.knex.raw("create table memo (id text primary key, text text)");
});
afterAll(() => database.drop());
beforeEach(() => database.knex("memo").delete());

const memos = () => database.knex("memo").orderBy("id").select("id", "text");

const remote = { ...manualFulfillment, id: "remote", pure: false, calculatePrice: async () => 10 };
const provider = createProviders(1, { fulfillment: [remote] }).fulfillment.get("remote");
const question = {
  option: { id: "so_1", data: {} },
  data: {},
  cart: {
    id: "cart_1",
    region_id: "reg_1",
    currency_code: "eur",
    email: null,
    shipping_address: null,
    items: [],
  },
};

describe("a command with a key", () => {
  it("runs after the commands with the same key that came before it", async () => {
    const order: string[] = [];
    const run = (name: string, ms: number) =>
      runCommand(database.knex, {}, { key: "one" }, async () => {
        order.push(`${name} starts`);
        await sleep(ms);
        order.push(`${name} ends`);
      });
    await Promise.all([run("first", 20), run("second", 0)]);
    expect(order).toEqual(["first starts", "first ends", "second starts", "second ends"]);
  });

  it("runs beside a command with another key", async () => {
    let release: () => void = () => undefined;
    const slow = runCommand(
      database.knex,
      {},
      { key: "one" },
      () => new Promise<void>((done) => (release = done)),
    );
    expect(await runCommand(database.knex, {}, { key: "two" }, async () => "quick")).toBe("quick");
    release();
    await slow;
  });
});

describe("a command that runs again", () => {
  it("takes the same ids after a provider call, and saves once", async () => {
    const runs: string[][] = [];
    await runCommand(database.knex, {}, {}, async (trx, { callProvider, newId, isNewId }) => {
      const ids = [newId("a"), newId("b"), newId("a"), newId("a", "named")];
      runs.push(ids);
      expect([isNewId(ids[0]!), isNewId("a_other"), isNewId(null)]).toEqual([true, false, false]);
      await trx("memo").insert({ id: ids[0], text: "saved" });
      await callProvider(provider, "calculatePrice", question);
    });
    expect(runs).toHaveLength(2);
    expect(runs[1]).toEqual(runs[0]);
    expect(new Set(runs[0]).size).toBe(4);
    expect(await memos()).toEqual([{ id: runs[0]![0], text: "saved" }]);
  });

  it("keeps the id of a name although other ids come before it", async () => {
    const ids: string[] = [];
    await runCommand(database.knex, {}, {}, async (_, { callProvider, newId }) => {
      if (ids.length > 0) newId("ps", "another");
      ids.push(newId("ps", "mine"));
      await callProvider(provider, "calculatePrice", question);
    });
    expect(ids[1]).toBe(ids[0]);
  });

  it("forgets which ids are new between its runs", async () => {
    const areNew: boolean[] = [];
    let id: string | undefined;
    await runCommand(database.knex, {}, {}, async (_, { callProvider, newId, isNewId }) => {
      id ??= newId("cus");
      areNew.push(isNewId(id));
      await callProvider(provider, "calculatePrice", question);
    });
    expect(areNew).toEqual([true, false]);
  });

  it("runs again after a serialization failure", async () => {
    let runs = 0;
    await runCommand(database.knex, {}, {}, async (trx) => {
      await trx("memo").insert({ id: String(++runs) });
      if (runs === 1) throw Object.assign(new Error("conflict"), { code: "40001" });
    });
    expect(await memos()).toEqual([{ id: "2", text: null }]);
  });

  it("commits first what must be stored before it continues", async () => {
    let runs = 0;
    await runCommand(database.knex, {}, {}, async (trx, { commitFirst }) => {
      runs++;
      if (!(await trx("memo").where({ id: "first" }).first()))
        commitFirst("the first memo", async (own) => own("memo").insert({ id: "first" }));
      await trx("memo").where({ id: "first" }).update({ text: "continued" });
    });
    expect(runs).toBe(2);
    expect(await memos()).toEqual([{ id: "first", text: "continued" }]);
  });

  it("gives up when one subject ends every run", async () => {
    const endless = runCommand(database.knex, {}, {}, async (_, { commitFirst }) =>
      commitFirst("nothing", async () => undefined),
    );
    await expect(endless).rejects.toMatchObject({ type: "conflict" });
  });
});

describe("a command while another process holds the lease", () => {
  const busyUntil = (end: number, waitMs?: number) =>
    runCommand(database.knex, {}, { key: "busy", ...(waitMs && { waitMs }) }, async (trx) => {
      await trx("memo").insert({ id: "tried" });
      if (Date.now() < end) throw new BusyError("busy");
      return "done";
    });

  it("waits and runs again", async () => {
    expect(await busyUntil(Date.now() + 250, 2000)).toBe("done");
    expect(await memos()).toHaveLength(1);
  });

  it("throws after waitMs, and has saved nothing", async () => {
    const start = Date.now();
    await expect(busyUntil(Number.POSITIVE_INFINITY, 300)).rejects.toThrow(BusyError);
    expect(Date.now() - start).toBeGreaterThanOrEqual(300);
    expect(await memos()).toEqual([]);
  });

  it("counts its time in the queue", async () => {
    const start = Date.now();
    const both = [1, 2].map(() => busyUntil(Number.POSITIVE_INFINITY, 500));
    await Promise.allSettled(both);
    expect(Date.now() - start).toBeLessThan(1000);
  });

  it("throws at once without waitMs", async () => {
    const start = Date.now();
    await expect(busyUntil(Number.POSITIVE_INFINITY)).rejects.toThrow(BusyError);
    expect(Date.now() - start).toBeLessThan(250);
  });
});

describe("a command under an Idempotency-Key", () => {
  let steps: unknown[];
  beforeEach(() => (steps = []));
  const idempotency: RequestIdempotency = {
    key: "key",
    lock: async () => void steps.push("lock"),
    leaveUnstored: () => undefined,
    store: async (trx, answer, repeated) => {
      steps.push({ answer, repeated });
      await trx("memo").insert({ id: "answer", text: JSON.stringify(repeated) });
    },
  };

  it("locks the key first, and commits the answer with its work", async () => {
    const answer = await runCommand(database.knex, { idempotency }, {}, async (trx) => {
      steps.push("work");
      await trx("memo").insert({ id: "work" });
      return { done: true };
    });
    expect(answer).toEqual({ done: true });
    expect(steps).toEqual(["lock", "work", { answer, repeated: answer }]);
    expect((await memos()).map(({ id }) => id)).toEqual(["answer", "work"]);
  });

  it("stores what a repeated request receives", async () => {
    const options = { toStoredAnswer: ({ name }: { name: string }) => ({ name }) };
    await runCommand(database.knex, { idempotency }, options, async () => ({ name: "n", raw: 1 }));
    expect(steps[1]).toEqual({ answer: { name: "n", raw: 1 }, repeated: { name: "n" } });
  });

  it("stores nothing when the work fails", async () => {
    const failing = runCommand(database.knex, { idempotency }, {}, async () => {
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
    expect([steps, await memos()]).toEqual([["lock"], []]);
  });

  it("stores the answer of work that is already committed", async () => {
    const answer = { done: true };
    expect(await answerIdempotently(database.knex, { idempotency }, answer)).toBe(answer);
    expect(steps).toEqual(["lock", { answer, repeated: answer }]);
    expect(await answerIdempotently(database.knex, {}, answer)).toBe(answer);
    expect(steps).toHaveLength(2);
  });
});
