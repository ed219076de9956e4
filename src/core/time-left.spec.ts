import { describe, expect, it } from "vitest";
import { timeLeftEstimate } from "./time-left.ts";

describe("timeLeftEstimate", () => {
  it("is unknown before any byte is done", () => {
    expect(timeLeftEstimate(0)(0, 1000, 5000)).toBe("time left not known yet");
  });

  it("continues at the pace so far", () => {
    expect(timeLeftEstimate(0)(250, 1000, 10_000)).toBe("about 30 seconds left");
    expect(timeLeftEstimate(0)(100, 1000, 60_000)).toBe("about 9 minutes left");
    expect(timeLeftEstimate(0)(1000, 1000, 60_000)).toBe("about 0 seconds left");
  });

  it("forgets a pace that is over", () => {
    const timeLeft = timeLeftEstimate(0);
    const at = (seconds: number, done: number) => timeLeft(done, 1000, seconds * 1000);
    expect(at(10, 500)).toBe("about 10 seconds left");
    expect(at(30, 520)).toBe("about 28 seconds left");
    expect(at(50, 540)).toBe("about 8 minutes left");
    expect(at(60, 550)).toBe("about 8 minutes left");
    expect(at(90, 550)).toBe("time left not known yet");
  });
});
