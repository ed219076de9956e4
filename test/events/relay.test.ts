import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { Events, type ShopEvent } from "../../src/events/events.ts";
import { type Subscribers, startRelay } from "../../src/events/relay.ts";
import { createLog } from "../../src/runtime/log.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const silent = createLog("silent");

describe("events", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.knex("nettle_outbox").delete();
    await database.knex("staged_job").delete();
  });

  const publish = (name: string, data: Record<string, unknown> = {}, forMedusa = false) =>
    runInTransaction(database.knex, (trx) => new Events(forMedusa).publish(trx, { name, data }));
  const waiting = () => database.knex("nettle_outbox").pluck("name");
  const relayTo = (subscribers: Subscribers, knex = database.knex) =>
    startRelay(knex, { subscribers, log: silent, pollIntervalMs: 5 });
  const waitUntilEmpty = () =>
    vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 10_000 });

  it("are not published when the transaction rolls back", async () => {
    const failed = runInTransaction(database.knex, async (trx) => {
      await new Events(true).publish(trx, { name: "thing.made", data: {} });
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    expect(await waiting()).toEqual([]);
    expect(await database.knex("staged_job")).toEqual([]);
  });

  it("are staged for a Medusa backend only where that is switched on", async () => {
    await publish("thing.made", { id: "1" });
    expect(await database.knex("staged_job")).toEqual([]);
    await publish("thing.made", { id: "2" }, true);
    expect(await database.knex("staged_job")).toMatchObject([
      { event_name: "thing.made", data: { id: "2" }, options: {} },
    ]);
  });

  it("are delivered to every subscriber", async () => {
    const heard: string[] = [];
    const hear =
      (name: string) =>
      async ({ data }: ShopEvent) =>
        void heard.push(`${name} ${data["id"]}`);
    await publish("thing.made", { id: "1" });
    const stop = relayTo({ "thing.made": [hear("a"), hear("b")] });
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual(["a 1", "b 1"]);
  });

  it("are deleted without a subscriber", async () => {
    const heard: unknown[] = [];
    await publish("thing.broken", { id: "2" });
    const stop = relayTo({ "thing.made": [async ({ data }) => void heard.push(data["id"])] });
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual([]);
  });

  it("are delivered once by two relays", async () => {
    const heard: unknown[] = [];
    const subscribers = {
      "thing.made": [
        async ({ data }: ShopEvent) => {
          await sleep(1);
          heard.push(data["id"]);
        },
      ],
    };
    for (let id = 0; id < 50; id++) await publish("thing.made", { id });
    const stops = [relayTo(subscribers), relayTo(subscribers, database.connect())];
    await waitUntilEmpty();
    for (const stop of stops) await stop();
    expect(heard.toSorted((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 50 }, (_, id) => id),
    );
  });

  it("are delivered once by two relays, however long a delivery takes", async () => {
    const heard: unknown[] = [];
    const subscribers = {
      "mail.due": [
        async ({ data }: ShopEvent) => {
          heard.push(data["id"]);
          await sleep(7000);
        },
      ],
    };
    for (const id of ["1", "2"]) await publish("mail.due", { id });
    const options = { subscribers, log: silent, pollIntervalMs: 50, leaseSeconds: 3 };
    const stops = [database.knex, database.connect()].map((knex) => startRelay(knex, options));
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 20_000 });
    for (const stop of stops) await stop();
    expect(heard.toSorted()).toEqual(["1", "2"]);
  });

  it("leave what was not begun to others when the relay stops", async () => {
    let begun = 0;
    for (let id = 0; id < 15; id++) await publish("mail.due", { id });
    const stop = relayTo({
      "mail.due": [
        async () => {
          begun++;
          await sleep(500);
        },
      ],
    });
    await vi.waitFor(() => expect(begun).toBeGreaterThan(0));
    await stop();
    expect(begun).toBeLessThanOrEqual(5);
    const due = database.knex("nettle_outbox").whereRaw("due_at <= now()").pluck("id");
    expect(await due).toHaveLength(15 - begun);
  });

  it("do not wait for one that takes long", async () => {
    const heard: unknown[] = [];
    for (let id = 0; id < 30; id++) await publish("mail.due", { id });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stop = relayTo({
      "mail.due": [async ({ data }) => (data["id"] === 0 ? held : void heard.push(data["id"]))],
    });
    await vi.waitFor(() => expect(heard).toHaveLength(29), { timeout: 10_000 });
    release();
    await waitUntilEmpty();
    await stop();
  });

  it("are delivered again after a subscriber failed, without delaying others", async () => {
    const heard: unknown[] = [];
    let failures = 1;
    await publish("thing.made", { id: "stubborn" });
    await publish("thing.made", { id: "easy" });
    const stop = relayTo({
      "thing.made": [
        async ({ data }) => {
          if (data["id"] === "stubborn" && failures-- > 0) throw new Error("not now");
          heard.push(data["id"]);
        },
      ],
    });
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual(["easy", "stubborn"]);
  });

  it("are delivered by another relay when the first one died", async () => {
    await publish("thing.made", { id: "left behind" });
    await database
      .knex("nettle_outbox")
      .update({ attempts: 1, due_at: database.knex.raw("now() + interval '300 milliseconds'") });
    const heard: unknown[] = [];
    const stop = relayTo({ "thing.made": [async ({ data }) => void heard.push(data["id"])] });
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual(["left behind"]);
  });

  it("wait while the database is away", async () => {
    const pool = database.connect(1);
    await pool.destroy();
    const heard: unknown[] = [];
    await publish("thing.made", { id: "patient" });
    const stop = relayTo({ "thing.made": [async ({ data }) => void heard.push(data["id"])] }, pool);
    await sleep(50);
    expect([heard, await waiting()]).toEqual([[], ["thing.made"]]);
    pool.initialize();
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual(["patient"]);
  });
});
