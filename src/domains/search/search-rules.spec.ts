import { describe, expect, it } from "vitest";
import { typosAllowed, wordQueries } from "./search-rules.ts";

describe("wordQueries", () => {
  it("looks for nothing without words", () => {
    expect(wordQueries([])).toEqual([]);
  });

  it("looks for all words, then drops the last ones", () => {
    const queries = wordQueries([
      { word: "blue", alike: [] },
      { word: "tee", alike: [] },
    ]);
    expect(queries.map(({ typed }) => typed)).toEqual(["'blue':* & 'tee':*", "'blue':*"]);
    expect(queries[0]!.whole).toBe("'blue' | 'tee'");
  });

  it("forgives a slip in a word that is long enough, and none in a short one", () => {
    const [query] = wordQueries([
      { word: "merno", alike: ["merino", "marine"] },
      { word: "tea", alike: ["tee"] },
    ]);
    expect(query!.forgiving).toBe("('merno':* | 'merino') & 'tea':*");
    expect(query!.typed).toBe("'merno':* & 'tea':*");
  });

  it("takes the last word for the beginning of one", () => {
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
  ])("in %s: %i", (word, typos) => expect(typosAllowed(word)).toBe(typos));
});
