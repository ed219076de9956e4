import { describe, expect, it } from "vitest";
import { recentPace } from "./recent-pace.ts";

/** Returns the seconds that a text like `about 3 minutes left` names. */
const secondsIn = (words: string): number => {
  const [, number, unit] = /^about ([\d,]+) (second|minute)s? left$/.exec(words) ?? [];
  return Number(number?.replace(",", "")) * (unit === "minute" ? 60 : 1);
};

/**
 * Returns by which factor the estimates are off at most, for work whose units take so many seconds
 * each. It is asked every five seconds from the tenth on, until five seconds before the end.
 */
function worstFactor(secondsOfUnits: readonly number[]): number {
  const pace = recentPace(0);
  let elapsed = 0;
  const ends = secondsOfUnits.map((seconds) => (elapsed += seconds));
  const end = ends.at(-1)!;
  let worst = 1;
  for (let now = 5; now <= end - 5; now += 5) {
    const done = ends.filter((at) => at <= now).length;
    const estimate = secondsIn(pace(done, secondsOfUnits.length, now * 1000));
    if (now >= 10) worst = Math.max(worst, estimate / (end - now), (end - now) / estimate);
  }
  return worst;
}

const units = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);

describe("recentPace", () => {
  it("is unknown before anything is done", () => {
    expect(recentPace(0)(0, 100, 5000)).toBe("time left not known yet");
  });

  it("is nearly exact for steady work, whatever the total", () => {
    expect(worstFactor(units(400, 0.25))).toBeLessThan(1.4);
    expect(worstFactor(units(3000, 1))).toBeLessThan(1.4);
  });

  it("is never off by a factor of 3 while the machine gets up to twice as slow or fast", () => {
    expect(worstFactor([...units(300, 0.2), ...units(300, 0.4)])).toBeLessThan(3);
    expect(worstFactor([...units(300, 0.4), ...units(300, 0.2)])).toBeLessThan(3);
  });

  it("forgets a slow beginning within half a minute", () => {
    const pace = recentPace(0);
    for (let now = 10; now <= 600; now += 10) pace(now / 10, 10_000, now * 1000);
    for (let now = 610; now <= 630; now += 10) pace(60 + (now - 600) * 10, 10_000, now * 1000);
    // 640 seconds were 460 units, but the last 30 seconds were 300.
    expect(pace(460, 10_000, 640_000)).toBe("about 16 minutes left");
  });

  it("knows totals that grow", () => {
    const pace = recentPace(0);
    pace(10, 20, 10_000);
    expect(pace(20, 40, 20_000)).toBe("about 20 seconds left");
  });
});
