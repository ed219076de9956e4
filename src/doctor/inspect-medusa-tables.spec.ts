import { describe, expect, it } from "vitest";
import { indexMinutes } from "./inspect-medusa-tables.ts";

/** The sizes of tables with 20,000 products and 100,000 orders, in bytes. */
const large: Readonly<Record<string, number>> = {
  ...{ product: 2_900_000, product_variant: 6_900_000, product_option_value: 5_500_000 },
  ...{ money_amount: 4_500_000, line_item: 61_000_000, product_option: 1_500_000 },
};

describe("indexMinutes", () => {
  it("is a minute for a small shop, and more than it took for a large one", () => {
    expect(indexMinutes(() => 8000, 10)).toBe(1);
    // On two cores that other work took most of, it took 40 and 70 seconds.
    expect(indexMinutes((table) => large[table] ?? 0, 20_000)).toBe(2);
  });

  it("grows with the tables, and with the products alone", () => {
    expect(indexMinutes((table) => 100 * (large[table] ?? 0), 20_000)).toBe(18);
    expect(indexMinutes((table) => large[table] ?? 0, 2_000_000)).toBe(134);
  });
});
