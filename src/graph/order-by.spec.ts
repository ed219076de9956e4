import { describe, expect, it } from "vitest";
import { InvalidDataError } from "../core/errors.ts";
import { product } from "./entities/catalogue-entities.ts";
import { orderAmong, orderBy } from "./order-by.ts";

describe("orderBy", () => {
  it.each([
    "",
    "-",
    "--title",
    "constructor",
    "__proto__",
    "-toString",
    "title,id",
    "variants.title",
  ])("refuses an order that names no column: %j", (order) => {
    expect(() => orderBy(product, order)).toThrow(InvalidDataError);
  });

  it("refuses a column that may not be sorted by", () => {
    expect(() => orderAmong(["id", "value"], "metadata")).toThrow(
      "Order field metadata is not valid",
    );
  });

  it("sorts the newest first by default, and equal rows by id", () => {
    expect(orderBy(product, undefined).text).toBe("t.created_at desc, t.id desc");
    expect(orderBy(product, "title").text).toBe('t."title" asc, t.id asc');
    expect(orderBy(product, "-title").text).toBe('t."title" desc, t.id desc');
  });
});
