import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { UnavailableError } from "../core/errors.ts";
import { limitConcurrency } from "./limit-concurrency.ts";

it("never exceeds the limit and runs every task, even if some fail", async () => {
  const run = limitConcurrency({ running: 2, waiting: 10 });
  let running = 0;
  let maxRunning = 0;
  const task = (number: number) => async () => {
    running++;
    maxRunning = Math.max(maxRunning, running);
    await sleep(2);
    running--;
    if (number % 3 === 0) throw new Error("failed");
    return number;
  };
  const settled = await Promise.allSettled(
    [1, 2, 3, 4, 5, 6, 7].map((number) => run(task(number))),
  );
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect([maxRunning, running]).toEqual([2, 0]);
  expect(await run(async () => "again")).toBe("again");
});

it("refuses tasks while the queue is full, and accepts them afterwards", async () => {
  const run = limitConcurrency({ running: 1, waiting: 2 });
  const settled = await Promise.allSettled([1, 2, 3, 4].map((number) => run(async () => number)));
  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
  ]);
  expect(settled[3]).toMatchObject({ reason: expect.any(UnavailableError) });
  expect(await run(async () => "again")).toBe("again");
});
