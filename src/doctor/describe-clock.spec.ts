import { describe, expect, it } from "vitest";
import { describeClock } from "./describe-clock.ts";

const messages = (answer: number, receivedAt = 100_100) =>
  describeClock({ sentAt: 100_000, answer, receivedAt }).map(({ message }) => message);

describe("describeClock", () => {
  it.each([
    ["is between question and answer", 100_050, 100_100],
    ["is between them, and the answer is slow", 100_050, 160_000],
    ["is 1.9 seconds behind", 98_100, 100_100],
    ["is 1.9 seconds ahead", 102_000, 100_100],
  ])("finds nothing if the database's time %s", (_, answer, receivedAt) => {
    expect(messages(answer, receivedAt)).toEqual([]);
  });

  it("says by how much the clocks differ, whichever is ahead", () => {
    expect(messages(98_000)).toEqual([expect.stringMatching(/differ by 2 seconds$/)]);
    expect(messages(3_700_100)).toEqual([expect.stringMatching(/differ by 3,600 seconds$/)]);
  });
});
