import { describe, expect, it } from "vitest";
import { editDistance } from "./edit-distance.ts";

describe("editDistance", () => {
  it.each([
    ["merino", "merino", 0],
    ["merno", "merino", 1],
    ["merinno", "merino", 1],
    ["merono", "merino", 1],
    ["meirno", "merino", 1],
    ["kettel", "kettle", 1],
    ["", "tee", 3],
    ["tee", "", 3],
    ["kaffee", "café", 4],
    ["мереш", "мерино", 3],
  ])("%s to %s is %i", (typed, word, distance) => {
    expect(editDistance(typed, word)).toBe(distance);
  });

  it("ignores letters after a prefix", () => {
    expect(editDistance("ruks", "rucksack", true)).toBe(1);
    expect(editDistance("rucks", "rucksack", true)).toBe(0);
    expect(editDistance("rucksackx", "rucksack", true)).toBe(1);
  });
});
