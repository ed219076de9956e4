import { describe, expect, it } from "vitest";
import { findMissing } from "./check-medusa-schema.ts";
import { medusaColumns } from "./medusa-columns.ts";

const complete = () =>
  new Map(
    Object.entries(medusaColumns).map(([table, columns]) => [table, new Set(columns.split(" "))]),
  );

describe("what a Medusa database lacks", () => {
  it("names tables, and columns of tables that are there", () => {
    const found = complete();
    found.delete("product_category");
    found.get("cart")?.delete("sales_channel_id");
    expect(findMissing(found)).toEqual(["column cart.sales_channel_id", "table product_category"]);
  });

  it("is nothing on a complete one, whatever plugins added", () => {
    const found = complete();
    found.set("wishlist", new Set(["id"]));
    found.get("product")?.add("rating");
    expect(findMissing(found)).toEqual([]);
  });
});
