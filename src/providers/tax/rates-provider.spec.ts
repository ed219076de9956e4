import { describe, expect, it } from "vitest";
import { wrapProvider } from "../wrap-provider.ts";
import { ratesProvider } from "./rates-provider.ts";
import { type TaxQuestion, taxKind } from "./tax-provider.ts";

const provider = wrapProvider(taxKind, ratesProvider, 1);
const standard = { rate: 19, name: "Standard", code: "std" };
const local = { rate: 1.5, name: "Local", code: null };
const question: TaxQuestion = {
  currency_code: "eur",
  region_id: "reg_1",
  shipping_address: null,
  customer: null,
  is_return: false,
  items: [],
  shipping_methods: [],
};
const item = {
  item_id: "item_1",
  variant_id: "variant_1",
  product_id: "prod_1",
  quantity: 2,
  unit_price: 1000,
  includes_tax: false,
  discount: 0,
  is_giftcard: false,
};
const shipping = {
  shipping_method_id: "sm_1",
  shipping_option_id: "so_1",
  price: 500,
  includes_tax: true,
};

describe("the provider of the shop's own rates", () => {
  it.each([
    ["returns nothing for an empty question", {}, []],
    ["returns nothing without rates", { items: [{ ...item, rates: [] }] }, []],
    [
      "returns a tax line for each rate of an item",
      { items: [{ ...item, rates: [standard, local] }] },
      [
        { ...standard, item_id: "item_1" },
        { ...local, item_id: "item_1" },
      ],
    ],
    [
      "returns a tax line for each rate of a shipping method",
      { shipping_methods: [{ ...shipping, rates: [standard] }] },
      [{ ...standard, shipping_method_id: "sm_1" }],
    ],
  ])("%s", async (_, change, lines) => {
    expect(await provider.taxLines({ ...question, ...change })).toEqual(lines);
  });
});
