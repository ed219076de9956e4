import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { NotAllowedError } from "../core/errors.ts";
import { type FulfillmentProvider, fulfillmentKind } from "./fulfillment/fulfillment-provider.ts";
import { manualFulfillment } from "./fulfillment/manual-fulfillment.ts";
import { ProviderError } from "./provider-error.ts";
import { type TaxProvider, type TaxQuestion, taxKind } from "./tax/tax-provider.ts";
import { wrapProvider } from "./wrap-provider.ts";

const parcels = (calculatePrice: FulfillmentProvider["calculatePrice"]) =>
  wrapProvider(fulfillmentKind, { ...manualFulfillment, id: "parcels", calculatePrice }, 0.1);
const choice = {
  option: { id: "so_1", data: { size: "s" } },
  data: {},
  cart: {
    id: "cart_1",
    region_id: "reg_1",
    currency_code: "eur",
    email: null,
    shipping_address: null,
    items: [],
  },
};
const priceFrom = (calculatePrice: FulfillmentProvider["calculatePrice"]) =>
  parcels(calculatePrice).calculatePrice(choice);

describe("a provider that", () => {
  it.each([
    ["returns nothing", () => undefined],
    ["returns a string", () => "500"],
    ["returns a fraction", () => 499.5],
    ["returns a negative number", () => -1],
    ["returns more than a price can be", () => 2 ** 31],
    ["returns NaN", () => Number.NaN],
    ["returns a value that JSON does not know", () => 5n],
    [
      "returns a value that contains itself",
      () => {
        const loop: Record<string, unknown> = {};
        loop["loop"] = loop;
        return loop;
      },
    ],
  ])("%s gets an error for an invalid answer", async (_, answer) => {
    await expect(priceFrom(answer as () => number)).rejects.toMatchObject({
      code: "provider_nonsense",
      message: "The fulfillment provider parcels returned an invalid answer. Try again shortly.",
    });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("secret of the parcel company");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret of the parcel company"))],
    ["rejects with nothing", () => Promise.reject()],
  ])("%s is not available, and its own message stays in the log", async (_, answer) => {
    const failure = await priceFrom(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).toMatchObject({ code: "provider_failed" });
    expect((failure as Error).message).not.toContain("secret");
  });
});

describe("a wrapped provider", () => {
  it("times out when it does not answer, and its signal is aborted", async () => {
    let signal: AbortSignal | undefined;
    const silent = priceFrom((_, context) => {
      signal = context.signal;
      return new Promise<number>(() => undefined);
    });
    await expect(silent).rejects.toMatchObject({ code: "provider_timeout" });
    expect(signal?.aborted).toBe(true);
  });

  it("may still fail after its time-out", async () => {
    const late = priceFrom(async () => {
      await sleep(150);
      throw new Error("late");
    });
    await expect(late).rejects.toMatchObject({ code: "provider_timeout" });
    await sleep(100);
  });

  it("refuses in its own words", async () => {
    const refusal = Object.assign(new Error("Choose a parcel shop"), { name: "Refusal" });
    await expect(priceFrom(() => Promise.reject(refusal))).rejects.toEqual(
      new NotAllowedError("Choose a parcel shop"),
    );
    const manual = wrapProvider(fulfillmentKind, manualFulfillment, 1);
    await expect(manual.calculatePrice(choice)).rejects.toBeInstanceOf(NotAllowedError);
  });

  it("changes only a copy of its question", async () => {
    const forgetful = parcels((question) => {
      (question.option.data as Record<string, unknown>)["size"] = "xl";
      return 500;
    });
    expect(await forgetful.calculatePrice(choice)).toBe(500);
    expect(choice.option.data).toEqual({ size: "s" });
  });

  it("keeps the private state of its class", async () => {
    class Meter {
      readonly id = "meter";
      #price = 7;
      validateOption = () => true;
      canCalculate = () => true;
      calculatePrice() {
        return this.#price;
      }
      validateFulfillmentData = () => ({});
    }
    expect(await wrapProvider(fulfillmentKind, new Meter(), 1).calculatePrice(choice)).toBe(7);
  });
});

describe("tax lines", () => {
  const question: TaxQuestion = {
    currency_code: "eur",
    region_id: "reg_1",
    shipping_address: null,
    customer: null,
    is_return: false,
    items: [
      {
        item_id: "item_1",
        variant_id: null,
        product_id: null,
        quantity: 1,
        unit_price: 1000,
        includes_tax: false,
        discount: 0,
        is_giftcard: false,
        rates: [],
      },
    ],
    shipping_methods: [
      {
        shipping_method_id: "sm_1",
        shipping_option_id: "so_1",
        price: 500,
        includes_tax: false,
        rates: [],
      },
    ],
  };
  const line = { rate: 19, name: "Standard", code: null };
  const taxLinesFrom = (lines: unknown) =>
    wrapProvider(taxKind, { id: "taxes", taxLines: () => lines } as TaxProvider, 1).taxLines(
      question,
    );

  it.each([
    ["for a line outside the question", [{ ...line, item_id: "item_2" }]],
    ["for no line", [line]],
    ["with a negative rate", [{ ...line, rate: -1, item_id: "item_1" }]],
    ["without a name", [{ ...line, name: "", item_id: "item_1" }]],
    ["that are not an array", { lines: [] }],
  ])("%s are invalid", async (_, lines) => {
    await expect(taxLinesFrom(lines)).rejects.toMatchObject({ code: "provider_nonsense" });
  });

  it("lose properties that the interface does not know", async () => {
    const lines = [
      { ...line, item_id: "item_1", more: 1 },
      { ...line, shipping_method_id: "sm_1" },
    ];
    expect(await taxLinesFrom(lines)).toEqual([
      { ...line, item_id: "item_1" },
      { ...line, shipping_method_id: "sm_1" },
    ]);
  });
});
