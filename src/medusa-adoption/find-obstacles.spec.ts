import { describe, expect, it } from "vitest";
import { findMissing } from "./find-obstacles.ts";
import { medusaColumns } from "./medusa-columns.ts";

const complete = () =>
  new Map(
    Object.entries(medusaColumns).map(([table, columns]) => [table, new Set(columns.split(" "))]),
  );

describe("findMissing", () => {
  it("returns missing tables, and missing columns of tables that exist", () => {
    const found = complete();
    found.delete("product_category");
    found.get("cart")?.delete("sales_channel_id");
    expect(findMissing(found)).toEqual(["column cart.sales_channel_id", "table product_category"]);
  });

  it("returns nothing for a complete database, whatever plugins added", () => {
    const found = complete();
    found.set("wishlist", new Set(["id"]));
    found.get("product")?.add("rating");
    expect(findMissing(found)).toEqual([]);
  });
});
