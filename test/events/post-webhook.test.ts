import dns from "node:dns/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { postWebhook } from "../../src/events/webhooks/post-webhook.ts";
import { webhookSubscriber } from "../../src/events/webhooks/webhook-subscriber.ts";
import { openWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

const lookup = vi.spyOn(dns, "lookup");
afterAll(() => lookup.mockRestore());
const resolvesTo = (...addresses: string[]) =>
  lookup.mockResolvedValue(addresses.map((address) => ({ address })) as never);

describe("a webhook is sent", () => {
  let receiver: WebhookReceiver;
  let other: WebhookReceiver;
  beforeAll(async () => {
    receiver = await openWebhookReceiver();
    other = await openWebhookReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await other.close();
  });
  beforeEach(() => {
    lookup.mockReset();
    receiver.received.length = 0;
    receiver.answer = (response) => void response.writeHead(204).end();
  });

  const post = (networks: string[], url = `http://erp.example:${receiver.port}/hooks?a=1`) =>
    postWebhook({ url, body: "{}", headers: {}, networks, signal: AbortSignal.timeout(5000) });

  it("not to a name that resolves to a private address", async () => {
    resolvesTo("127.0.0.1");
    await expect(post([])).rejects.toThrow("erp.example is at 127.0.0.1, which is not on the");
    await expect(post(["10.0.0.0/8"])).rejects.toThrow("not on the Internet");
    expect(receiver.received).toEqual([]);
  });

  it("not to a name with a public and a private address", async () => {
    resolvesTo("1.1.1.1", "10.0.0.1");
    const url = `https://erp.example:${receiver.port}/`;
    await expect(post([], url)).rejects.toThrow("is at 10.0.0.1");
  });

  it("not over the Internet without TLS", async () => {
    resolvesTo("1.1.1.1");
    await expect(post(["127.0.0.1"])).rejects.toThrow("by https only");
  });

  it("to the address that was checked: the name is resolved once", async () => {
    lookup
      .mockResolvedValueOnce([{ address: "127.0.0.1" }] as never)
      .mockResolvedValue([{ address: "127.0.0.2" }] as never);
    await post(["127.0.0.1"]);
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(receiver.received).toMatchObject([
      { path: "/hooks?a=1", headers: { host: `erp.example:${receiver.port}` } },
    ]);
  });

  it("not to where it redirects to", async () => {
    resolvesTo("127.0.0.1");
    receiver.answer = (response) => {
      const location = `http://127.0.0.1:${other.port}/`;
      response.writeHead(307, { location }).end("go on");
    };
    await expect(post(["127.0.0.1"])).rejects.toThrow("It answered 307: go on");
    expect([receiver.received.length, other.received]).toEqual([1, []]);
  });

  it("and its answer is read to a bound", async () => {
    resolvesTo("127.0.0.1");
    let written = 0;
    receiver.answer = (response) => {
      response.writeHead(500);
      const part = "x".repeat(64_000);
      const write = () => {
        while (!response.destroyed && written < 100_000_000 && response.write(part))
          written += part.length;
      };
      response.on("drain", write);
      write();
    };
    await expect(post(["127.0.0.1"])).rejects.toThrow(/^It answered 500: x{200}$/);
    expect(written).toBeLessThan(20_000_000);
  });

  it("and given up when its time is over, even while it answers slowly", async () => {
    resolvesTo("127.0.0.1");
    receiver.answer = (response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write("."), 50);
      response.on("close", () => clearInterval(timer));
    };
    const { handlers } = webhookSubscriber(
      {
        id: "we_1",
        url: `http://erp.example:${receiver.port}/`,
        events: ["order.placed"],
        secret: "s",
        created_at: "",
      },
      { seconds: 1, networks: ["127.0.0.1"] },
    );
    const event = { id: "evt_1", data: { id: "order_1" }, createdAt: new Date(), attempt: 1 };
    const sending = handlers.get("order.placed")!({ name: "order.placed", ...event });
    await expect(sending).rejects.toThrow("No answer within 1 seconds");
  });
});
