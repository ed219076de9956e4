import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { serializeByKey } from "./serialize-by-key.ts";

describe("works in turn", () => {
  it("runs one after another for a key, in order, whatever fails", async () => {
    const seen: number[] = [];
    let inside = 0;
    const works = [0, 1, 2, 3, 4].map((number) =>
      serializeByKey("cart", async () => {
        expect(++inside).toBe(1);
        await sleep(5 - number);
        inside--;
        seen.push(number);
        if (number === 2) throw new Error("two");
        return number;
      }),
    );
    expect((await Promise.allSettled(works)).map((result) => result.status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it("lets other keys go beside it", async () => {
    let freed: () => void = () => undefined;
    const slow = serializeByKey("one", () => new Promise<void>((done) => (freed = done)));
    expect(await serializeByKey("other", async () => "quick")).toBe("quick");
    freed();
    await slow;
  });
});
