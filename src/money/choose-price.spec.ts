import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePrice, type Price, type PriceContext } from "./choose-price.ts";

const now = new Date("2026-06-15T12:00:00Z");
const context = (wish: Partial<PriceContext> = {}): PriceContext => ({
  groupIds: new Set(),
  now,
  ...wish,
});

function price(wish: Partial<Price> = {}): Price {
  return {
    amount: 1000,
    currencyCode: "eur",
    regionId: null,
    minQuantity: null,
    maxQuantity: null,
    currencyIncludesTax: false,
    regionIncludesTax: false,
    list: null,
    ...wish,
  };
}

function listed(
  amount: number,
  wish: Partial<NonNullable<Price["list"]>> = {},
  of: Partial<Price> = {},
): Price {
  const list = {
    type: "sale",
    status: "active",
    startsAt: null,
    endsAt: null,
    includesTax: false,
    groupIds: [],
    ...wish,
  };
  return price({ amount, list, ...of });
}

const euro = context({ currencyCode: "eur" });

describe("the price without a context", () => {
  it("is none, and every price that the customer may see is listed", () => {
    const choice = choosePrice(
      [price(), price({ currencyCode: "usd" }), listed(500, { groupIds: ["vip"] })],
      context(),
    );
    expect(choice).toMatchObject({ original: null, calculated: null });
    expect(choice.visible).toHaveLength(2);
  });
});

describe("the price in a context", () => {
  it("is none where nothing matches: another currency, another case, another region", () => {
    for (const wish of [{ currencyCode: "usd" }, { currencyCode: "EUR" }, { regionId: "reg_x" }])
      expect(choosePrice([price()], context(wish))).toEqual({
        visible: [],
        original: null,
        calculated: null,
      });
  });

  it("has the region's price as the original one and the lower of both as the calculated", () => {
    const prices = [price({ amount: 900 }), price({ amount: 1200, regionId: "reg_eu" })];
    const choice = choosePrice(prices, context({ regionId: "reg_eu", currencyCode: "eur" }));
    expect(choice.original?.amount).toBe(1200);
    expect(choice.calculated).toMatchObject({ amount: 900, type: "default" });
  });

  it("counts a region's price for its currency, too", () => {
    expect(choosePrice([price({ regionId: "reg_eu" })], euro).calculated?.amount).toBe(1000);
  });

  it.each([
    ["a sale", {}, 700, "sale"],
    ["an override", { type: "override" }, 700, "override"],
    [
      "one that has begun and not ended",
      { startsAt: "2026-06-15T11:59:59Z", endsAt: "2026-06-15T12:00:01Z" },
      700,
      "sale",
    ],
    ["one that begins later", { startsAt: "2026-06-15T12:00:01Z" }, 1000, "default"],
    ["one that has ended", { endsAt: "2026-06-15T11:59:59Z" }, 1000, "default"],
    ["one that ends now", { endsAt: "2026-06-15T12:00:00Z" }, 1000, "default"],
    ["a draft", { status: "draft" }, 1000, "default"],
    ["one for others", { groupIds: ["wholesale"] }, 1000, "default"],
    ["one for this group", { groupIds: ["wholesale", "vip"] }, 700, "sale"],
  ])("looks at price lists: %s", (_, list, amount, type) => {
    const choice = choosePrice([price(), listed(700, list)], {
      ...euro,
      groupIds: new Set(["vip"]),
    });
    expect(choice.calculated).toMatchObject({ amount, type });
    expect(choice.original?.amount).toBe(1000);
  });

  it("is never made dearer by a list", () => {
    expect(
      choosePrice([price(), listed(2000, { type: "override" })], euro).calculated?.amount,
    ).toBe(1000);
  });

  it("has no price of a list that is gone", () => {
    expect(choosePrice([price({ list: undefined })], euro).visible).toEqual([]);
  });
});

describe("tiers of quantity", () => {
  const tiers = [
    price(),
    price({ amount: 800, minQuantity: 10 }),
    price({ amount: 950, maxQuantity: 5 }),
  ];

  it("are listed without a quantity, and one with a least quantity is not chosen", () => {
    const choice = choosePrice(tiers, euro);
    expect(choice.visible).toHaveLength(3);
    expect(choice.calculated?.amount).toBe(950);
    expect(choice.original?.amount).toBe(1000);
  });

  it.each([
    [1, 950],
    [5, 950],
    [6, 1000],
    [9, 1000],
    [10, 800],
  ])("give for %i pieces %i", (quantity, amount) => {
    expect(choosePrice(tiers, { ...euro, quantity }).calculated?.amount).toBe(amount);
  });
});

describe("prices with and without tax", () => {
  it.each([
    ["the inclusive one is lower as taxed", 1100, [19], 1100],
    ["the exclusive one is lower as taxed", 1195, [19], 1000],
    ["equal as taxed, the first stays", 1190, [19], 1000],
  ])("compare as if taxed: %s", (_, inclusive, rates, lowest) => {
    const prices = [price(), listed(inclusive, { includesTax: true })];
    expect(choosePrice(prices, { ...euro, rates }).calculated?.amount).toBe(lowest);
  });

  it("include it by the list, else by the price's own region, else by the currency", () => {
    const includes = (wish: Partial<Price>) =>
      choosePrice([price(wish)], euro).original?.includesTax;
    expect(includes({})).toBe(false);
    expect(includes({ currencyIncludesTax: true })).toBe(true);
    expect(includes({ regionId: "reg_eu", regionIncludesTax: true })).toBe(true);
    expect(choosePrice([listed(1, { includesTax: true })], euro).calculated?.includesTax).toBe(
      true,
    );
  });
});

const groups = ["vip", "wholesale"];
const dates = fc.option(
  fc.constantFrom("2026-01-01T00:00:00Z", "2026-06-15T12:00:00Z", "2026-12-31T00:00:00Z"),
);
const anyList = fc.record({
  type: fc.constantFrom("sale", "override"),
  status: fc.constantFrom("active", "draft"),
  startsAt: dates,
  endsAt: dates,
  includesTax: fc.boolean(),
  groupIds: fc.subarray(groups),
});
const anyPrice: fc.Arbitrary<Price> = fc.record({
  amount: fc.integer({ min: 0, max: 5000 }),
  currencyCode: fc.constantFrom("eur", "usd"),
  regionId: fc.option(fc.constantFrom("reg_eu", "reg_us")),
  minQuantity: fc.option(fc.integer({ min: 1, max: 20 })),
  maxQuantity: fc.option(fc.integer({ min: 1, max: 20 })),
  currencyIncludesTax: fc.constant(false),
  regionIncludesTax: fc.boolean(),
  list: fc.oneof(fc.constant(null), anyList),
});
const anyPrices = fc.array(anyPrice, { maxLength: 12 });
const anyContext: fc.Arbitrary<PriceContext> = fc.record({
  regionId: fc.constantFrom(undefined, "reg_eu", "reg_us"),
  currencyCode: fc.constantFrom(undefined, "eur", "usd"),
  groupIds: fc.subarray(groups).map((ids) => new Set(ids)),
  quantity: fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined }),
  rates: fc.option(fc.array(fc.constantFrom(7, 19, 25), { maxLength: 2 }), { nil: undefined }),
  now: fc.constant(now),
});

describe("whatever the prices", () => {
  it("the calculated price is never above the original one of the same tax mode", () => {
    fc.assert(
      fc.property(anyPrices, anyContext, (prices, around) => {
        const sameMode = prices.map((each) => ({
          ...each,
          regionIncludesTax: false,
          list: each.list && { ...each.list, includesTax: false },
        }));
        const { original, calculated } = choosePrice(sameMode, around);
        if (original) expect(calculated?.amount).toBeLessThanOrEqual(original.amount);
      }),
    );
  });

  it("the order of the prices does not matter to the calculated one, but for ties", () => {
    fc.assert(
      fc.property(anyPrices, anyContext, (prices, around) => {
        const known = { ...around, rates: around.rates ?? [] };
        const forwards = choosePrice(prices, known).calculated;
        const backwards = choosePrice(prices.toReversed(), known).calculated;
        const factor = 1 + known.rates.reduce((sum, rate) => sum + rate / 100, 0);
        const taxed = (chosen: typeof forwards) =>
          chosen && (chosen.includesTax ? chosen.amount : chosen.amount * factor);
        expect(taxed(backwards)).toBe(taxed(forwards));
      }),
    );
  });

  it("nobody sees a list for groups they are not in, a draft, or one that is not running", () => {
    fc.assert(
      fc.property(anyPrices, anyContext, (prices, around) => {
        for (const { list } of choosePrice(prices, around).visible) {
          if (!list) continue;
          expect(list.status).toBe("active");
          expect(list.startsAt === null || new Date(list.startsAt) < now).toBe(true);
          expect(list.endsAt === null || new Date(list.endsAt) > now).toBe(true);
          expect(
            list.groupIds.length === 0 || list.groupIds.some((id) => around.groupIds.has(id)),
          ).toBe(true);
        }
      }),
    );
  });

  it("only prices of the context are listed, and the chosen ones are among them", () => {
    fc.assert(
      fc.property(anyPrices, anyContext, (prices, around) => {
        const { visible, original, calculated } = choosePrice(prices, around);
        const { regionId, currencyCode } = around;
        for (const each of visible)
          expect(
            !(regionId || currencyCode) ||
              each.regionId === regionId ||
              each.currencyCode === currencyCode,
          ).toBe(true);
        for (const chosen of [original, calculated])
          if (chosen) expect(visible.map((each) => each.amount)).toContain(chosen.amount);
      }),
    );
  });
});
