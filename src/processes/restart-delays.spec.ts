import { describe, expect, it } from "vitest";
import { RestartDelays } from "./restart-delays.ts";

describe("the delay before a worker process is replaced", () => {
  it("doubles up to half a minute while they keep ending", () => {
    const delays = new RestartDelays();
    const taken = Array.from({ length: 11 }, () => delays.next(0));
    expect(taken.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(taken.slice(-2)).toEqual([30_000, 30_000]);
  });

  it("is short again after one that served for a minute", () => {
    const delays = new RestartDelays();
    for (let ended = 0; ended < 10; ended++) delays.next(59_999);
    expect(delays.next(59_999)).toBe(30_000);
    expect(delays.next(60_000)).toBe(100);
    expect(delays.next(1000)).toBe(200);
  });
});
