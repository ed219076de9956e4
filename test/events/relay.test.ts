import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { Events, type ShopEvent } from "../../src/events/events.ts";
import { startRelay } from "../../src/events/relay.ts";
import { cleanUpDeliveries } from "../../src/events/start-delivery-cleanup.ts";
import {
  type Handlers,
  type Subscriber,
  Subscriptions,
  subscriber,
} from "../../src/events/subscriptions.ts";
import { createLog } from "../../src/runtime/log.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const silent = createLog("silent");
const nothing = async () => {};

describe("events", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    for (const table of ["nettle_delivery", "nettle_outbox", "staged_job"])
      await database.knex(table).delete();
  });

  const writeAll = (subscribers: readonly Subscriber[], events: ShopEvent[], forMedusa = false) =>
    runInTransaction(database.knex, async (trx) =>
      new Events(new Subscriptions(subscribers), forMedusa).publishAll(trx, events),
    );
  const placed = (id: string): ShopEvent => ({ name: "order.placed", data: { id } });
  const publish = (subscribers: readonly Subscriber[], ...ids: string[]) =>
    writeAll(subscribers, ids.map(placed));
  const waiting = () => database.knex("nettle_delivery").whereNull("dead_at").pluck("name");
  const relayTo = (subscribers: readonly Subscriber[], knex = database.knex, leaseSeconds = 60) =>
    startRelay(knex, {
      subscriptions: new Subscriptions(subscribers),
      log: silent,
      retryHours: 24,
      pollIntervalMs: 5,
      leaseSeconds,
    });
  const waitUntilEmpty = () =>
    vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 20_000 });
  const deliverAll = async (subscribers: readonly Subscriber[]) => {
    const stop = relayTo(subscribers);
    await waitUntilEmpty();
    await stop();
  };
  /** A subscriber that notes the ids of orders, or does something else with them. */
  const noting = (id: string, heard: string[], act: (id: string) => Promise<unknown> = nothing) =>
    subscriber(id, {
      "order.placed": async ({ data }) => {
        await act(data.id);
        heard.push(data.id);
      },
    });

  it("are not published when the transaction rolls back", async () => {
    const subscriptions = new Subscriptions([noting("shop", [])]);
    const failed = runInTransaction(database.knex, async (trx) => {
      new Events(subscriptions, true).publish(trx, placed("order_1"));
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    expect(await waiting()).toEqual([]);
    expect(await database.knex("staged_job")).toEqual([]);
  });

  it("are not written where nobody hears of them", async () => {
    const lost: ShopEvent = { name: "cart.created", data: { id: "cart_1" } };
    await writeAll([noting("shop", [])], [lost, placed("order_1")]);
    expect(await waiting()).toEqual(["order.placed"]);
    await writeAll([], [lost], true);
    expect(await waiting()).toEqual(["order.placed"]);
    expect(await database.knex("staged_job").pluck("event_name")).toEqual(["cart.created"]);
  });

  it("are staged for a Medusa backend only where that is switched on", async () => {
    await publish([], "order_1");
    expect(await database.knex("staged_job")).toEqual([]);
    await writeAll([], [placed("order_2")], true);
    expect(await database.knex("staged_job")).toMatchObject([
      { event_name: "order.placed", data: { id: "order_2" }, options: {} },
    ]);
  });

  it("are delivered to every subscriber, with one id", async () => {
    const heard: unknown[] = [];
    const hearing = (name: string) =>
      subscriber(name, {
        "order.placed": async ({ id, data, attempt }) => void heard.push([name, id, data, attempt]),
      });
    const subscribers = [hearing("one"), hearing("other")];
    await publish(subscribers, "order_1");
    const [id] = await database.knex("nettle_delivery").pluck("event_id");
    await deliverAll(subscribers);
    expect(heard.toSorted()).toEqual([
      ["one", id, { id: "order_1" }, 1],
      ["other", id, { id: "order_1" }, 1],
    ]);
  });

  it("are delivered once by two relays", async () => {
    const heard: string[] = [];
    const subscribers = [noting("shop", heard, () => sleep(1))];
    const ids = Array.from({ length: 50 }, (_, number) => `order_${number}`);
    await publish(subscribers, ...ids);
    const stops = [relayTo(subscribers), relayTo(subscribers, database.connect())];
    await waitUntilEmpty();
    for (const stop of stops) await stop();
    expect(heard.toSorted()).toEqual(ids.toSorted());
  });

  it("are delivered once by two relays, however long a delivery takes", async () => {
    const heard: string[] = [];
    const subscribers = [noting("shop", heard, () => sleep(7000))];
    await publish(subscribers, "order_1", "order_2");
    const stops = [database.knex, database.connect()].map((knex) => relayTo(subscribers, knex, 3));
    await waitUntilEmpty();
    for (const stop of stops) await stop();
    expect(heard.toSorted()).toEqual(["order_1", "order_2"]);
  });

  it("of one aggregate are delivered in their order by two relays", async () => {
    const heard: Record<string, unknown[]> = { cart_a: [], cart_b: [] };
    const note: Handlers["cart.updated"] = async ({ data }) => {
      await sleep(Math.random() * 10);
      heard[data.id]!.push((data as { number?: number }).number);
    };
    const subscribers = [subscriber("shop", { "cart.updated": note })];
    for (let number = 0; number < 20; number++)
      await writeAll(
        subscribers,
        ["cart_a", "cart_b"].map((id) => ({ name: "cart.updated", data: { id, number } })),
      );
    const stops = [relayTo(subscribers), relayTo(subscribers, database.connect())];
    await waitUntilEmpty();
    for (const stop of stops) await stop();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    expect(heard).toEqual({ cart_a: numbers, cart_b: numbers });
  });

  it("of one aggregate wait behind one that failed, and others do not", async () => {
    const heard: string[] = [];
    let failures = 2;
    const pay: Handlers = {
      "order.placed": async ({ data }) => {
        if (data.id === "order_1" && failures-- > 0) throw new Error("not now");
        heard.push(`${data.id} placed`);
      },
      "order.payment_captured": async ({ data }) => void heard.push(`${data.id} paid`),
    };
    const subscribers = [subscriber("shop", pay)];
    await writeAll(subscribers, [
      placed("order_1"),
      { name: "order.payment_captured", data: { id: "order_1" } },
      placed("order_2"),
      { name: "order.payment_captured", data: { id: "order_2" } },
    ]);
    await deliverAll(subscribers);
    expect(heard).toEqual(["order_2 placed", "order_2 paid", "order_1 placed", "order_1 paid"]);
  });

  it("reach a subscriber once although another one fails", async () => {
    const [heard, late]: string[][] = [[], []];
    let failures = 2;
    const failing = noting("failing", late!, async () => {
      if (failures-- > 0) throw new Error("not now");
    });
    const subscribers = [failing, noting("sound", heard!)];
    await publish(subscribers, "order_1", "order_2");
    await deliverAll(subscribers);
    expect(heard!.toSorted()).toEqual(["order_1", "order_2"]);
    expect(late!.toSorted()).toEqual(["order_1", "order_2"]);
  });

  it("leave what was not started to others when the relay stops", async () => {
    let started = 0;
    const slow = noting("shop", [], () => {
      started++;
      return sleep(500);
    });
    await publish([slow], ...Array.from({ length: 15 }, (_, number) => `order_${number}`));
    const stop = relayTo([slow]);
    await vi.waitFor(() => expect(started).toBeGreaterThan(0));
    await stop();
    expect(started).toBeLessThanOrEqual(5);
    const due = database.knex("nettle_delivery").whereRaw("due_at <= now()").pluck("id");
    expect(await due).toHaveLength(15 - started);
  });

  it("do not wait for one that takes long, nor for a subscriber that hangs", async () => {
    const heard: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hanging = noting("hanging", [], () => held);
    const subscribers = [
      hanging,
      noting("shop", heard, async (id) => id === "order_0" && (await held)),
    ];
    await publish(subscribers, ...Array.from({ length: 30 }, (_, number) => `order_${number}`));
    const stop = relayTo(subscribers);
    await vi.waitFor(() => expect(heard).toHaveLength(29), { timeout: 10_000 });
    release();
    await waitUntilEmpty();
    await stop();
  });

  it("are delivered by another relay when the first one died", async () => {
    const heard: string[] = [];
    const subscribers = [noting("shop", heard)];
    await publish(subscribers, "order_1");
    await database
      .knex("nettle_delivery")
      .update({ attempts: 1, due_at: database.knex.raw("now() + interval '300 milliseconds'") });
    await deliverAll(subscribers);
    expect(heard).toEqual(["order_1"]);
  });

  it("wait while the database is away", async () => {
    const pool = database.connect(1);
    await pool.destroy();
    const heard: string[] = [];
    const subscribers = [noting("shop", heard)];
    await publish(subscribers, "order_1");
    const stop = relayTo(subscribers, pool);
    await sleep(50);
    expect([heard, await waiting()]).toEqual([[], ["order.placed"]]);
    pool.initialize();
    await waitUntilEmpty();
    await stop();
    expect(heard).toEqual(["order_1"]);
  });

  it("of a process of the former version are delivered, too", async () => {
    const heard: string[] = [];
    const subscribers = [noting("one", heard), noting("other", heard)];
    const row = { name: "order.placed", data: { id: "order_1" } };
    await database.knex("nettle_outbox").insert([
      { id: "event_1", ...row },
      { id: "event_2", ...row, due_at: database.knex.raw("now() + interval '1 minute'") },
    ]);
    const subscriptions = new Subscriptions(subscribers);
    const deadLetters = { days: 30, count: 100 };
    await cleanUpDeliveries(database.knex, { subscriptions, retryHours: 24, deadLetters });
    await deliverAll(subscribers);
    expect(heard).toEqual(["order_1", "order_1"]);
    expect(await database.knex("nettle_outbox").pluck("id")).toEqual(["event_2"]);
  });
});
