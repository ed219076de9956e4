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
    id: "pl_sale",
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

describe("a price without a context", () => {
  it("is not chosen, but all prices that the customer may see are listed", () => {
    const choice = choosePrice(
      [price(), price({ currencyCode: "usd" }), listed(500, { groupIds: ["vip"] })],
      context(),
    );
    expect(choice).toMatchObject({ original: null, calculated: null });
    expect(choice.visible).toHaveLength(2);
  });
});

describe("a price in a context", () => {
  it("is not chosen if currency, its letter case, or region differ", () => {
    for (const wish of [{ currencyCode: "usd" }, { currencyCode: "EUR" }, { regionId: "reg_x" }])
      expect(choosePrice([price()], context(wish))).toEqual({
        visible: [],
        original: null,
        calculated: null,
      });
  });

  it("is the region's own price, although the currency's is lower", () => {
    const own = { regionId: "reg_eu" };
    const prices = [
      price({ amount: 900 }),
      price({ amount: 700, minQuantity: 10 }),
      price({ amount: 1200, ...own }),
      price({ amount: 1100, minQuantity: 20, ...own }),
    ];
    const chosen = (more: Price[], quantity: number) =>
      choosePrice(
        [...prices, ...more],
        context({ regionId: "reg_eu", currencyCode: "eur", quantity }),
      );
    expect(chosen([], 1)).toMatchObject({
      original: { amount: 1200 },
      calculated: { amount: 1200, type: "default" },
    });
    expect(chosen([], 10).calculated?.amount).toBe(1200);
    expect(chosen([], 20).calculated?.amount).toBe(1100);
    const sale = listed(800);
    expect(chosen([sale], 1).calculated?.amount).toBe(800);
    expect(chosen([sale, listed(1000, {}, own)], 1).calculated?.amount).toBe(1000);
    expect(chosen([sale, listed(1000, { id: "pl_vip" }, own)], 1).calculated?.amount).toBe(800);
  });

  it("is the lowest price where the region's own is for some quantities only", () => {
    const prices = [price({ amount: 900 }), price({ minQuantity: 5, regionId: "reg_eu" })];
    const here = context({ regionId: "reg_eu", currencyCode: "eur", quantity: 5 });
    expect(choosePrice(prices, here).calculated?.amount).toBe(900);
  });

  it("is never the price of another region with the same currency", () => {
    const prices = [
      price({ amount: 1000 }),
      price({ amount: 500, regionId: "reg_fr" }),
      listed(300, {}, { regionId: "reg_fr" }),
    ];
    const here = context({ regionId: "reg_eu", currencyCode: "eur" });
    expect(choosePrice(prices, here)).toMatchObject({
      original: { amount: 1000 },
      calculated: { amount: 1000 },
    });
    expect(choosePrice(prices.slice(1), here)).toMatchObject({
      original: null,
      calculated: null,
    });
  });

  it("may be a region's price if only its currency is known", () => {
    expect(choosePrice([price({ regionId: "reg_eu" })], euro).calculated?.amount).toBe(1000);
  });

  it.each([
    ["a sale", {}, 700, "sale"],
    ["an override", { type: "override" }, 700, "override"],
    [
      "a running list",
      { startsAt: "2026-06-15T11:59:59Z", endsAt: "2026-06-15T12:00:01Z" },
      700,
      "sale",
    ],
    ["a list that starts later", { startsAt: "2026-06-15T12:00:01Z" }, 1000, "default"],
    ["a list that has ended", { endsAt: "2026-06-15T11:59:59Z" }, 1000, "default"],
    ["a list that ends now", { endsAt: "2026-06-15T12:00:00Z" }, 1000, "default"],
    ["a draft", { status: "draft" }, 1000, "default"],
    ["a list for another customer group", { groupIds: ["wholesale"] }, 1000, "default"],
    ["a list for the customer's group", { groupIds: ["wholesale", "vip"] }, 700, "sale"],
  ])("honours price lists: %s", (_, list, amount, type) => {
    const choice = choosePrice([price(), listed(700, list)], {
      ...euro,
      groupIds: new Set(["vip"]),
    });
    expect(choice.calculated).toMatchObject({ amount, type });
    expect(choice.original?.amount).toBe(1000);
  });

  it("is never raised by a list", () => {
    expect(
      choosePrice([price(), listed(2000, { type: "override" })], euro).calculated?.amount,
    ).toBe(1000);
  });

  it("ignores prices of a deleted list", () => {
    expect(choosePrice([price({ list: undefined })], euro).visible).toEqual([]);
  });
});

describe("quantity tiers", () => {
  const tiers = [
    price(),
    price({ amount: 800, minQuantity: 10 }),
    price({ amount: 950, maxQuantity: 5 }),
  ];

  it("are listed without a quantity, but none with a minimum is chosen", () => {
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
  ])("for quantity %i choose %i", (quantity, amount) => {
    expect(choosePrice(tiers, { ...euro, quantity }).calculated?.amount).toBe(amount);
  });
});

describe("prices with and without tax", () => {
  it.each([
    ["the inclusive price is lower", 1100, [19], 1100],
    ["the exclusive price is lower", 1195, [19], 1000],
    ["equal prices keep the first", 1190, [19], 1000],
  ])("are compared with tax: %s", (_, inclusive, rates, lowest) => {
    const prices = [price(), listed(inclusive, { includesTax: true })];
    expect(choosePrice(prices, { ...euro, rates }).calculated?.amount).toBe(lowest);
  });

  it("include tax if the list, the price's region or the currency says so", () => {
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
  id: fc.constantFrom("pl_sale", "pl_vip"),
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

describe("for any prices", () => {
  it("never calculates a price above the original price of the same tax mode", () => {
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

  it("calculates the same price in any order of prices, except for ties", () => {
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

  it("shows no draft list, no list outside its dates, and no list for other groups", () => {
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

  it("lists only prices that match the context, and chooses among them", () => {
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
