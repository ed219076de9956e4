import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { limitWaiting, serializeByKey } from "./serialize-by-key.ts";

describe("serializeByKey", () => {
  it("runs callbacks of one key in order, one at a time, even if one fails", async () => {
    const finished: number[] = [];
    let running = 0;
    const calls = [0, 1, 2, 3, 4].map((number) =>
      serializeByKey("cart", async () => {
        expect(++running).toBe(1);
        await sleep(5 - number);
        running--;
        finished.push(number);
        if (number === 2) throw new Error("two");
        return number;
      }),
    );
    expect((await Promise.allSettled(calls)).map((result) => result.status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(finished).toEqual([0, 1, 2, 3, 4]);
  });

  it("runs callbacks of other keys beside them", async () => {
    let release: () => void = () => undefined;
    const slow = serializeByKey("one", () => new Promise<void>((done) => (release = done)));
    expect(await serializeByKey("other", async () => "quick")).toBe("quick");
    release();
    await slow;
  });

  it("queues thousands of callbacks of one key and calls them without arguments", async () => {
    const calls = Array.from({ length: 3000 }, (_, number) =>
      serializeByKey("cart", async (unused?: unknown) => [number, unused]),
    );
    expect((await Promise.all(calls)).at(-1)).toEqual([2999, undefined]);
  });
});

describe("a queue that is full", () => {
  afterEach(() => limitWaiting(Number.POSITIVE_INFINITY));

  it("refuses more, and takes them again when it is shorter", async () => {
    limitWaiting(2);
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = serializeByKey("full", () => gate);
    const second = serializeByKey("full", async () => "second");
    await expect(serializeByKey("full", async () => "third")).rejects.toThrow("Too many requests");
    expect(await serializeByKey("other", async () => "other")).toBe("other");
    open();
    await first;
    expect(await second).toBe("second");
    expect(await serializeByKey("full", async () => "fourth")).toBe("fourth");
  });
});
