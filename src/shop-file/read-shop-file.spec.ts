import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../runtime/project-root.ts";
import { readShopFile } from "./read-shop-file.ts";
import { shopFileSchema } from "./shop-file-schema.ts";

const region = (more = "") =>
  `regions:\n  - name: Europe\n    currency: eur\n    countries: [de]\n    tax_rate: 19\n${more}`;

function messageOf(text: string): string {
  try {
    readShopFile(text, "shop.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a shop file", () => {
  it.each([
    [
      "a wrong letter",
      region("    tax_cod: VAT"),
      '6: tax_cod: there is no "tax_cod" here: did you mean "tax_code"?',
    ],
    [
      "a part that is none",
      "rgions: []",
      '1: rgions: there is no "rgions" here: did you mean "regions"?',
    ],
    [
      "a key that is near to none",
      region("    colour: red"),
      '6: colour: there is no "colour" here: the keys here are name, currency',
    ],
    [
      "a missing key",
      "regions:\n\n  - name: Europe\n    currency: eur\n    tax_rate: 1",
      "3: countries: it is missing",
    ],
    [
      "a number in place of a name",
      "customer_groups:\n  - name: 2024",
      '2: name: write it in quotes: "2024"',
    ],
    [
      "cents behind a point",
      "gift_cards:\n  - code: A\n    region: B\n    value: 12.5",
      "4: value: an amount is a whole number in the smallest unit",
    ],
    [
      "a price in words",
      "shipping_options:\n  - { name: A, region: B, price: free }",
      '2: price: a price is a whole number in the smallest unit of its currency, or "calculated"',
    ],
    [
      "a day that is none",
      "discounts:\n  - code: A\n    type: fixed\n    regions: [B]\n    ends_at: 31.12.2026",
      "5: ends_at: a time is written as 2026-12-01",
    ],
    [
      "a price without currency and region",
      "price_lists:\n  - name: A\n    type: sale\n    prices:\n      - { sku: B, amount: 1 }",
      "5: prices: a price has a currency or a region",
    ],
    [
      "a condition on two subjects",
      "discounts:\n  - code: A\n    type: fixed\n    regions: [B]\n    conditions:\n" +
        "      - { products: [c], product_tags: [d] }",
      "6: conditions: a condition has one of products",
    ],
    [
      "a word that is not one of some",
      "price_lists:\n  - name: A\n    type: sales",
      "3: type: Invalid option",
    ],
    ["a list in place of the parts", "- a", "1: expected store, currencies"],
    ["a key twice", "store: {name: A}\nstore: {name: B}", "2: Map keys must be unique"],
    ["no YAML", "store: {name: A", "1: "],
  ])("with %s is refused with its line", (_, text, message) => {
    expect(messageOf(text)).toContain(`shop.yaml:${message}`);
  });

  it("tells all lines at fault at once", () => {
    const message = messageOf("currencies:\n  - code: euro\n  - code: us");
    expect(message.split("\n")).toEqual([
      "shop.yaml:2: code: a currency is written with three letters, such as eur",
      "shop.yaml:3: code: a currency is written with three letters, such as eur",
    ]);
  });

  it("is read with codes, currencies and times written in one way", () => {
    const text =
      "currencies:\n  - code: EUR\ndiscounts:\n  - { code: ten, type: fixed, value: 1, " +
      "regions: [A], ends_at: 2026-12-01T01:00:00+01:00 }";
    const { shop } = readShopFile(text, "shop.yaml");
    expect(shop.currencies).toEqual([{ code: "eur" }]);
    expect(shop.discounts?.[0]).toMatchObject({ code: "TEN", ends_at: "2026-12-01T00:00:00.000Z" });
  });

  it("keeps Norway", () => {
    const { shop } = readShopFile(region().replace("[de]", "[no, NO]"), "shop.yaml");
    expect(shop.regions?.[0]?.countries).toEqual(["no", "no"]);
  });

  it("may be empty", () => {
    expect(readShopFile("# nothing yet\n", "shop.yaml").shop).toEqual({});
  });

  it("is what docs/examples/shop.yaml is", () => {
    const example = readFileSync(join(projectRoot(), "docs/examples/shop.yaml"), "utf8");
    const { shop } = readShopFile(example, "shop.yaml");
    expect(Object.keys(shop)).toEqual(Object.keys(shopFileSchema.shape));
  });
});
