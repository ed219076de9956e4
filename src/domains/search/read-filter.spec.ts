import { describe, expect, it } from "vitest";
import { InvalidDataError } from "../../core/errors.ts";
import { readFilter } from "./read-filter.ts";

describe("readFilter", () => {
  it.each([
    [5],
    [true],
    ["colour = red"],
    ["collection_id"],
    ["collection_id ="],
    ["collection_id = a b"],
    ["collection_id = 'a"],
    ["(collection_id = a"],
    ["collection_id = a OR"],
    ["collection_id > 3"],
    ["prices.eur > many"],
    ["prices.eur > ''"],
    ["__proto__ = x"],
    [{ constructor: "x" }],
    [{ tags: [null] }],
    [{ "prices.eur": { about: 3 } }],
    [["tags = a", 5]],
    [[[["tags = a"]]]],
    [`${"(".repeat(20)}tags = a${")".repeat(20)}`],
    [`${"NOT ".repeat(2000)}`],
    ["tags = a OR ".repeat(150)],
    ["\\"],
    ["; drop table product"],
  ])("refuses %j", (input) => {
    expect(() => readFilter(input)).toThrow(InvalidDataError);
    expect(() => readFilter(input)).toThrow(/^filter /);
  });

  it("returns undefined without a filter", () => {
    for (const input of [undefined, null, ""]) expect(readFilter(input)).toBeUndefined();
  });

  it("reads expressions, in which AND binds stronger than OR", () => {
    expect(readFilter("tags = a or type_id = b AND is_giftcard = false")).toEqual({
      any: [
        { attribute: "tags", oneOf: ["a"] },
        {
          all: [
            { attribute: "type_id", oneOf: ["b"] },
            { attribute: "is_giftcard", oneOf: ["false"] },
          ],
        },
      ],
    });
    expect(
      readFilter(
        '(tags.value = "Best \\"of\\"" OR NOT categories IN [Mugs, "Tea pots"]) AND type_id EXISTS',
      ),
    ).toEqual({
      all: [
        {
          any: [
            { attribute: "tags_value", oneOf: ['Best "of"'] },
            { not: { attribute: "categories", oneOf: ["Mugs", "Tea pots"] } },
          ],
        },
        { attribute: "type_id", exists: true },
      ],
    });
  });

  it("reads nested lists: all of the outer one, any of an inner one", () => {
    expect(readFilter(["tags = a", ["type_id = b", "type_id != c"]])).toEqual({
      all: [
        { attribute: "tags", oneOf: ["a"] },
        {
          any: [
            { attribute: "type_id", oneOf: ["b"] },
            { not: { attribute: "type_id", oneOf: ["c"] } },
          ],
        },
      ],
    });
  });

  it("reads objects and price ranges", () => {
    const range = [
      { currency: "eur", comparison: ">=", amount: 1000 },
      { currency: "eur", comparison: "<=", amount: 5000 },
    ];
    expect(readFilter("prices.EUR 1000 TO 5000")).toEqual({ all: range });
    expect(
      readFilter({
        collection_id: ["a", "b"],
        is_giftcard: false,
        "prices.eur": { gte: 1000, lte: "5000" },
      }),
    ).toEqual({
      all: [
        { attribute: "collection_id", oneOf: ["a", "b"] },
        { attribute: "is_giftcard", oneOf: ["false"] },
        ...range,
      ],
    });
  });
});
