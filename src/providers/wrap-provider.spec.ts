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
const asked = (calculatePrice: FulfillmentProvider["calculatePrice"]) =>
  parcels(calculatePrice).calculatePrice(choice);

describe("a provider that says something wrong:", () => {
  it.each([
    ["answers nothing", () => undefined],
    ["answers with a text", () => "500"],
    ["answers with a fraction", () => 499.5],
    ["answers with less than nothing", () => -1],
    ["answers with more than a price can be", () => 2 ** 31],
    ["answers with no number", () => Number.NaN],
    ["answers with something that is no data", () => 5n],
    [
      "answers with something that contains itself",
      () => {
        const loop: Record<string, unknown> = {};
        loop["loop"] = loop;
        return loop;
      },
    ],
  ])("%s gives an answer that cannot be used", async (_, answer) => {
    await expect(asked(answer as () => number)).rejects.toMatchObject({
      code: "provider_nonsense",
      message:
        "The fulfillment provider parcels gave an answer that cannot be used. Try again shortly.",
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
  ])("%s is not available, and its words are for the log", async (_, answer) => {
    const failure = await asked(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).toMatchObject({ code: "provider_failed" });
    expect((failure as Error).message).not.toContain("secret");
  });
});

describe("a provider that", () => {
  it("does not answer is waited for no longer than the shop says, and told so", async () => {
    let signal: AbortSignal | undefined;
    const silent = asked((_, context) => {
      signal = context.signal;
      return new Promise<number>(() => undefined);
    });
    await expect(silent).rejects.toMatchObject({ code: "provider_timeout" });
    expect(signal?.aborted).toBe(true);
  });

  it("fails after that disturbs nobody", async () => {
    const late = asked(async () => {
      await sleep(150);
      throw new Error("late");
    });
    await expect(late).rejects.toMatchObject({ code: "provider_timeout" });
    await sleep(100);
  });

  it("refuses is heard in its own words", async () => {
    const refusal = Object.assign(new Error("Choose a parcel shop"), { name: "Refusal" });
    await expect(asked(() => Promise.reject(refusal))).rejects.toEqual(
      new NotAllowedError("Choose a parcel shop"),
    );
    const manual = wrapProvider(fulfillmentKind, manualFulfillment, 1);
    await expect(manual.calculatePrice(choice)).rejects.toBeInstanceOf(NotAllowedError);
  });

  it("changes its question changes a copy", async () => {
    const forgetful = parcels((question) => {
      (question.option.data as Record<string, unknown>)["size"] = "xl";
      return 500;
    });
    expect(await forgetful.calculatePrice(choice)).toBe(500);
    expect(choice.option.data).toEqual({ size: "s" });
  });

  it("is an object of a class keeps its own things", async () => {
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
  const answered = (lines: unknown) =>
    wrapProvider(taxKind, { id: "taxes", taxLines: () => lines } as TaxProvider, 1).taxLines(
      question,
    );

  it.each([
    ["of a line that was not asked about", [{ ...line, item_id: "item_2" }]],
    ["of nothing", [line]],
    ["below zero", [{ ...line, rate: -1, item_id: "item_1" }]],
    ["without a name", [{ ...line, name: "", item_id: "item_1" }]],
    ["that are no list", { lines: [] }],
  ])("%s cannot be used", async (_, lines) => {
    await expect(answered(lines)).rejects.toMatchObject({ code: "provider_nonsense" });
  });

  it("come without what the interface does not know", async () => {
    const given = [
      { ...line, item_id: "item_1", more: 1 },
      { ...line, shipping_method_id: "sm_1" },
    ];
    expect(await answered(given)).toEqual([
      { ...line, item_id: "item_1" },
      { ...line, shipping_method_id: "sm_1" },
    ]);
  });
});
