import { describe, expect, it } from "vitest";
import { checkProviders } from "../../src/providers/contract/check-providers.ts";
import type { FulfillmentProvider } from "../../src/providers/fulfillment/fulfillment-provider.ts";
import type { OwnProviders } from "../../src/providers/providers.ts";
import type { TaxProvider } from "../../src/providers/tax/tax-provider.ts";

const refusal = (message: string) => Object.assign(new Error(message), { name: "Refusal" });
const carrier: FulfillmentProvider = {
  id: "sound",
  validateOption: ({ data }) => data["service"] === "parcel",
  canCalculate: ({ data }) => data["service"] === "parcel",
  calculatePrice: ({ cart }) => {
    if (!cart.shipping_address) throw refusal("Where to?");
    return 500 + 100 * cart.items.length;
  },
  validateFulfillmentData: ({ data }) => {
    if (data["point"] !== "P1") throw refusal("Choose a point");
    return { point: "P1" };
  },
  createReturn: ({ return_id }) => ({ label: `label of ${return_id}` }),
};
const support = { fulfillment: { option: { service: "parcel" }, data: { point: "P1" } } };
const tax: TaxProvider = {
  id: "sound",
  taxLines: ({ items }) =>
    items.map(({ item_id }) => ({ item_id, rate: 19, name: "VAT", code: "vat" })),
};

async function resultsOf(providers: Partial<OwnProviders>, outcome = "failed", seconds = 10) {
  const [report] = await checkProviders(providers, { seconds, support });
  return report!.checks.filter((one) => one.outcome === outcome);
}

let count = 0;
const BROKEN_CARRIERS: [string, Partial<FulfillmentProvider>, RegExp, RegExp][] = [
  [
    "calculates a fraction",
    { calculatePrice: () => 499.5 },
    /^calculatePrice returns a whole number/,
    /answered what the interface does not allow: .*int/,
  ],
  [
    "calculates less than nothing",
    { calculatePrice: () => -1 },
    /^calculatePrice returns a whole number/,
    /answered what the interface does not allow: .*>=0/,
  ],
  [
    "changes its prices",
    { calculatePrice: () => ++count },
    /^calculatePrice returns the same price/,
    /^The price was \d+ and then \d+$/,
  ],
  [
    "fails without an address",
    { calculatePrice: ({ cart }) => cart.shipping_address!.postal_code!.length },
    /^calculatePrice answers or refuses/,
    / threw: Cannot read properties of null/,
  ],
  [
    "fails for what a shopper makes up",
    { validateFulfillmentData: ({ data }) => ({ point: (data["point"] as string).trim() }) },
    /^validateFulfillmentData refuses in words/,
    / threw: /,
  ],
  [
    "returns a text",
    { validateFulfillmentData: () => "P1" as never },
    /^validateFulfillmentData accepts a choice/,
    /answered what the interface does not allow/,
  ],
  [
    "promises a price and refuses it",
    {
      calculatePrice: () => {
        throw refusal("No price");
      },
    },
    /^canCalculate and calculatePrice agree/,
    /^canCalculate answered true, and calculatePrice refused$/,
  ],
  [
    "fails for another carrier's option",
    { validateOption: ({ data }) => (data["service"] as string).startsWith("p") },
    /^validateOption answers/,
    / threw: /,
  ],
  [
    "sends two parcels for a return",
    { createReturn: () => ({ label: ++count }) },
    /^createReturn prepares one parcel/,
    /^The parcel\.label was \d+ and then \d+$/,
  ],
  [
    "hangs",
    { calculatePrice: () => new Promise<never>(() => undefined) },
    /^Each method answers in time/,
    /within 0\.5 seconds: calculatePrice$/,
  ],
];

describe("a fulfillment provider", () => {
  it("without errors passes every check", async () => {
    expect(await resultsOf({ fulfillment: [carrier] })).toEqual([]);
    const skipped = await resultsOf({ fulfillment: [carrier] }, "not_applicable");
    expect(skipped).toMatchObject([{ reason: "It is not pure." }]);
  });

  it.each(BROKEN_CARRIERS)("breaks the contract that %s", async (name, broken, check, reason) => {
    const providers = { fulfillment: [{ ...carrier, ...broken }] };
    const failed = await resultsOf(providers, "failed", name === "hangs" ? 0.5 : 10);
    const found = failed.find((one) => check.test(one.check));
    expect(found?.reason, JSON.stringify(failed)).toMatch(reason);
  });
});

const line = { rate: 19, name: "VAT", code: "vat" };
const BROKEN_TAXES: [string, TaxProvider["taxLines"], RegExp, RegExp][] = [
  [
    "taxes what nobody named",
    () => [{ item_id: "another", ...line }],
    /^taxLines returns lines for the items/,
    /answered what the interface does not allow/,
  ],
  [
    "returns rates as fractions of one",
    ({ items }) => items.map(({ item_id }) => ({ item_id, ...line, rate: 0.19 })),
    /^Rates are in percent/,
    /^All rates are less than 1 percent: 0\.19, 0\.19$/,
  ],
  [
    "returns rates in hundredths of a percent",
    ({ items }) => items.map(({ item_id }) => ({ item_id, ...line, rate: 725 })),
    /^Rates are in percent/,
    /^A rate is 725 percent$/,
  ],
  [
    "taxes an item twice",
    ({ items }) => items.flatMap(({ item_id }) => [line, line].map((one) => ({ item_id, ...one }))),
    /^No item is taxed twice/,
    /^item_contract_1 has "VAT" twice$/,
  ],
  [
    "changes its mind",
    ({ items }) => items.map(({ item_id }) => ({ item_id, ...line, rate: ++count })),
    /^taxLines returns the same lines/,
    /rate was \d+ and then \d+$/,
  ],
  [
    "fails without an address",
    ({ items, shipping_address }) =>
      items.map(({ item_id }) => ({ item_id, ...line, name: shipping_address!.city! })),
    /^taxLines answers for a cart without an address/,
    / threw: Cannot read properties of null/,
  ],
  [
    "taxes returns in another way",
    ({ items, is_return }) =>
      items.map(({ item_id }) => ({ item_id, ...line, rate: is_return ? 0 : 19 })),
    /^What is returned has the taxes/,
    /rate was 19 and then 0$/,
  ],
  [
    "asks its service for each line",
    async ({ items }) => {
      for (const _ of items) await new Promise((done) => setTimeout(done, 10));
      return [];
    },
    /^A cart of 100 lines is answered in time/,
    /^taxLines did not answer in time$/,
  ],
];

describe("a tax provider", () => {
  it("without errors passes every check", async () => {
    expect(await resultsOf({ tax: [tax] })).toEqual([]);
  });

  it.each(BROKEN_TAXES)("breaks the contract that %s", async (name, taxLines, check, reason) => {
    const seconds = name.startsWith("asks") ? 0.5 : 10;
    const failed = await resultsOf({ tax: [{ ...tax, taxLines }] }, "failed", seconds);
    const found = failed.find((one) => check.test(one.check));
    expect(found?.reason, JSON.stringify(failed)).toMatch(reason);
  });
});
