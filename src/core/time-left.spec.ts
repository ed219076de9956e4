import { describe, expect, it } from "vitest";
import { timeLeft } from "./time-left.ts";

describe("timeLeft", () => {
  it("is unknown before any byte is done", () => {
    expect(timeLeft(0, 1000, 5000)).toBe("time left not known yet");
  });

  it("continues at the pace so far", () => {
    expect(timeLeft(250, 1000, 10_000)).toBe("about 30 seconds left");
    expect(timeLeft(100, 1000, 60_000)).toBe("about 9 minutes left");
    expect(timeLeft(999, 1000, 999_000)).toBe("about 1 second left");
    expect(timeLeft(1000, 1000, 60_000)).toBe("about 0 seconds left");
  });
});
