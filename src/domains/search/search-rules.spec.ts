import { describe, expect, it } from "vitest";
import { typosAllowed, wordQueries } from "./search-rules.ts";

describe("wordQueries", () => {
  it("returns no query without words", () => {
    expect(wordQueries([])).toEqual([]);
  });

  it("starts with all words, then drops the last ones", () => {
    const queries = wordQueries([
      { word: "blue", alike: [] },
      { word: "tee", alike: [] },
    ]);
    expect(queries.map(({ typed }) => typed)).toEqual(["'blue':* & 'tee':*", "'blue':*"]);
    expect(queries[0]!.ranking).toBe("'blue' | 'tee'");
  });

  it("forgives typos in long words only", () => {
    const [query] = wordQueries([
      { word: "merno", alike: ["merino", "marine"] },
      { word: "tea", alike: ["tee"] },
    ]);
    expect(query!.forgiving).toBe("('merno':* | 'merino') & 'tea':*");
    expect(query!.typed).toBe("'merno':* & 'tea':*");
  });

  it("treats the last word as a prefix", () => {
    const alike = ["rucksack"];
    const queries = wordQueries([
      { word: "ruksa", alike },
      { word: "ruksa", alike },
    ]);
    expect(queries[0]!.forgiving).toBe("'ruksa':* & ('ruksa':* | 'rucksack')");
  });
});

describe("typosAllowed", () => {
  it.each([
    ["tent", 0],
    ["socks", 1],
    ["trousers", 1],
    ["waterproof", 2],
    ["🫖🫖🫖🫖", 0],
  ])("for %s: %i", (word, typos) => expect(typosAllowed(word)).toBe(typos));
});
