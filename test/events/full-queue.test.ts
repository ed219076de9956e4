import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { runInTransaction } from "../../src/commands/transaction.ts";
import { Events } from "../../src/events/events.ts";
import { startRelay } from "../../src/events/relay.ts";
import { cleanUpDeliveries } from "../../src/events/start-delivery-cleanup.ts";
import { type Subscriber, Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import { createLog } from "../../src/runtime/log.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const COUNT = 400;
const orders = Array.from({ length: COUNT }, (_, at) => `order_${String(at).padStart(3, "0")}`);

describe("a full queue of events", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => database.knex("nettle_delivery").delete());

  const publish = (to: Subscriber) =>
    runInTransaction(database.knex, async (trx) =>
      new Events(new Subscriptions([to]), false).publishAll(
        trx,
        orders.map((id) => ({ name: "order.placed", data: { id } })),
      ),
    );
  const waiting = async () => (await database.knex("nettle_delivery").whereNull("dead_at")).length;

  it("is delivered oldest first, a few at a time, and nothing is lost", async () => {
    const started: string[] = [];
    let [running, maxRunning] = [0, 0];
    const slow = subscriber("slow", {
      "order.placed": async ({ data }) => {
        started.push(data.id);
        maxRunning = Math.max(maxRunning, ++running);
        await new Promise((done) => setImmediate(done));
        running--;
      },
    });
    await publish(slow);
    const stop = startRelay(database.knex, {
      subscriptions: new Subscriptions([slow]),
      log: createLog("silent"),
      retryHours: 24,
      pollIntervalMs: 5,
    });
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 50_000 });
    await stop();
    expect(started).toEqual(orders);
    expect(maxRunning).toBeLessThanOrEqual(5);
  });

  it("keeps whatever still waits, and of the dead letters the newest", async () => {
    const away = subscriber("away", { "order.placed": async () => {} });
    await publish(away);
    await database.knex.raw(
      `update nettle_delivery set dead_at = now() - make_interval(mins => ${COUNT} - number::int)
       from (select id, row_number() over (order by id) as number from nettle_delivery) as numbered
       where numbered.id = nettle_delivery.id and number <= 100`,
    );
    const subscriptions = new Subscriptions([away]);
    const deadLetters = { days: 30, count: 10 };
    await cleanUpDeliveries(database.knex, { subscriptions, retryHours: 24, deadLetters });
    expect(await waiting()).toBe(COUNT - 100);
    const dead = await database.knex("nettle_delivery").whereNotNull("dead_at").orderBy("id");
    expect(dead.map(({ data }) => data.id)).toEqual(orders.slice(90, 100));
  });
});
