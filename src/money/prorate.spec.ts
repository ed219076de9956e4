import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prorate } from "./prorate.ts";

describe("prorating a fixed discount", () => {
  it.each<[number, number[], number[]]>([
    [500, [4720, 3000, 999], [270.67324234430555, 172.03807776121116, 57.28867989448331]],
    [500, [9440, 4550, 6000], [236.11805902951477, 113.80690345172587, 150.0750375187594]],
    [5000, [1000, 500], [1000, 500]],
    [500, [0, 1000], [0, 500]],
    [500, [0, 0], [0, 0]],
    [500, [], []],
  ])("%i over %j", (amount, netAmounts, shares) => {
    expect(prorate(amount, netAmounts)).toEqual(shares);
  });

  it("adds up to the discount, and no share exceeds its line", () => {
    const netAmounts = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), netAmounts, (amount, lines) => {
        const shares = prorate(amount, lines);
        const sum = (numbers: readonly number[]) =>
          numbers.reduce((total, number) => total + number, 0);
        expect(Math.abs(sum(shares) - Math.min(amount, sum(lines)))).toBeLessThan(1e-6);
        shares.forEach((share, index) => {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual((lines[index] ?? 0) + 1e-6);
        });
      }),
    );
  });
});
