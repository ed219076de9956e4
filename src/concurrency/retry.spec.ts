import { expect, it } from "vitest";
import { retry } from "./retry.ts";

it("retries four times, then throws the last error", async () => {
  let attempts = 0;
  const start = performance.now();
  await expect(
    retry(async () => {
      throw new Error(`attempt ${++attempts}`);
    }),
  ).rejects.toThrow("attempt 5");
  expect(performance.now() - start).toBeGreaterThan(740);
});

it("returns the first result", async () => {
  let attempts = 0;
  const operation = async () => {
    if (++attempts < 3) throw new Error("not yet");
    return "done";
  };
  expect(await retry(operation)).toBe("done");
});
