import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { limitConcurrency } from "./limit-concurrency.ts";

it("runs so many at once, all of them in the end, whatever fails", async () => {
  const inTurn = limitConcurrency({ running: 2, waiting: 10 });
  let running = 0;
  let most = 0;
  const work = (number: number) => async () => {
    running++;
    most = Math.max(most, running);
    await sleep(2);
    running--;
    if (number % 3 === 0) throw new Error("failed");
    return number;
  };
  const settled = await Promise.allSettled(
    [1, 2, 3, 4, 5, 6, 7].map((number) => inTurn(work(number))),
  );
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect([most, running]).toEqual([2, 0]);
  expect(await inTurn(async () => "again")).toBe("again");
});

it("turns away who finds the line full, and nobody else", async () => {
  const inTurn = limitConcurrency({ running: 1, waiting: 2 });
  const settled = await Promise.allSettled(
    [1, 2, 3, 4].map((number) => inTurn(async () => number)),
  );
  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
  ]);
  expect(await inTurn(async () => "again")).toBe("again");
});
