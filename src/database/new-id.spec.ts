import { decodeTime, isValid } from "ulid";
import { describe, expect, it } from "vitest";
import { newId } from "./new-id.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ulidOf = (id: string) => id.slice(id.indexOf("_") + 1);
const toNumber = (ulid: string) =>
  [...ulid].reduce((sum, letter) => sum * 32n + BigInt(ALPHABET.indexOf(letter)), 0n);

describe("a new id", () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, () => newId("cart"));

  it("has Medusa's form: a prefix and a ULID of the present time", () => {
    for (const id of ids) expect(id).toMatch(/^cart_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(isValid(ulidOf(ids[0]!))).toBe(true);
    expect(decodeTime(ulidOf(ids[0]!))).toBeGreaterThanOrEqual(before);
    expect(decodeTime(ulidOf(ids.at(-1)!))).toBeLessThan(before + 60_000);
  });

  it("sorts after the ids before it", () => {
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it("does not follow from a neighbour of the same millisecond", () => {
    const values = ids.map((id) => toNumber(ulidOf(id)));
    const steps = values.slice(1).map((value, index) => value - values[index]!);
    // Of 20,000 steps of 64 random bits, one is shorter in some 200,000 runs.
    const guessable = steps.filter((step) => step < 1n << 32n);
    expect(guessable).toEqual([]);
  });
});
