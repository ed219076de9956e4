import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRelay } from "../../src/events/relay.ts";
import { Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aFilledCart, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { everyEvent } from "../support/every-event.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

type Line = Readonly<Record<string, unknown>>;

const service = await startFakePaymentProvider();
const text: string[] = [];
const logTo = { write: (line: string) => void text.push(line) };
const shop = openShop({
  settings: { LOG_LEVEL: "info" },
  providers: { payment: [remotePaymentProvider(service.url)] },
  logTo,
});

/** Returns the lines with the id of a request, as `grep` does. */
const story = (request: string): Line[] =>
  text
    .join("")
    .split("\n")
    .filter((line) => line.includes(`"request":"${request}"`))
    .map((line) => JSON.parse(line) as Line);
const eventsOf = (request: string) => story(request).map(({ event }) => event);

describe("all that is logged for a request carries its id", () => {
  let setup: ShopSetup;
  let stopRelay: () => Promise<void>;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex, { providers: ["remote"], stock: 3 });
    const heard = subscriber("sound", {
      "order.placed": async () => {
        throw new Error("The warehouse is closed");
      },
    });
    stopRelay = startRelay(shop.knex, {
      subscriptions: new Subscriptions([everyEvent, heard]),
      log: createLog("info", { to: logTo }),
      retryHours: 1,
      pollIntervalMs: 20,
    });
  });
  afterAll(async () => {
    await stopRelay();
    await service.close();
  });
  const complete = (cart: string, id: string) =>
    shop.post(`/store/carts/${cart}/complete`, {}, { "x-request-id": id });

  it("from the calls of its providers to the delivery of its events", async () => {
    const cart = await aFilledCart(shop, setup);
    const answer = await complete(cart, "checkout-1");
    expect(answer.headers["x-request-id"]).toBe("checkout-1");
    expect(answer.body.type).toBe("order");
    await expect
      .poll(() => eventsOf("checkout-1"), { timeout: 30_000 })
      .toEqual(expect.arrayContaining(["provider_called", "request", "event_delivered"]));
    const lines = story("checkout-1");
    expect(lines.filter(({ event }) => event === "provider_called")).toContainEqual(
      expect.objectContaining({ provider: "remote", method: "authorize", outcome: "answered" }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "event_delivered", eventName: "order.placed" }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ route: "/store/carts/:id/complete", status: 200 }),
    );
    expect(lines.filter(({ event }) => event === "request")).toHaveLength(1);
  });

  it("and what it leaves to the background", async () => {
    const only = await aShopSetup(shop.knex, { providers: ["remote"], stock: 1 });
    const [first, second] = [await aFilledCart(shop, only), await aFilledCart(shop, only)];
    expect((await complete(first, "first-1")).status).toBe(200);
    expect((await complete(second, "sold-out-1")).status).toBe(409);
    await expect
      .poll(() => story("sold-out-1"), { timeout: 30_000 })
      .toContainEqual(expect.objectContaining({ event: "provider_called", method: "cancel" }));
    expect(story("first-1").filter(({ method }) => method === "cancel")).toEqual([]);
  });

  it("and an error", async () => {
    const cart = await aFilledCart(shop, setup);
    service.setFailureMode({ step: "authorize", kind: "error" });
    expect((await complete(cart, "failed-1")).status).toBe(503);
    service.clearFailureModes();
    await expect
      .poll(() => eventsOf("failed-1"), { timeout: 30_000 })
      .toEqual(expect.arrayContaining(["provider_called", "request_failed", "request"]));
    expect(story("failed-1")).toContainEqual(
      expect.objectContaining({ method: "authorize", outcome: "provider_failed" }),
    );
  });
});
