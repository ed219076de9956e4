import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidDataError } from "../core/errors.ts";
import { productVariant } from "./entities/catalogue-entities.ts";
import { shapeFor } from "./shape-for.ts";
import { select, type ViewQuery, view } from "./view.ts";

const relations = ["prices", "options", "product"];
const narrow = view(productVariant, {
  fields: { default: ["id", "title", "sku"] },
  relations: { default: relations, allowed: [...relations, "inventory_items"] },
});
const wide = view(productVariant, { relations: { default: [] } });
const shown = (requested: ViewQuery, of = narrow) => {
  const { columns, relations: paths, narrowed } = select(of, requested, ["id"]);
  return {
    columns: [...columns].sort(),
    relations: [...paths],
    narrowed: Object.fromEntries(narrowed),
  };
};

describe("select", () => {
  it.each([
    [{ fields: "foo,title,bar" }, "Requested fields [foo, bar] are not valid"],
    [{ fields: " title" }, "Requested fields [ title] are not valid"],
    [{ fields: "constructor" }, "Requested fields [constructor] are not valid"],
    [
      { fields: "product.sales_channels.name" },
      "Requested fields [product.sales_channels.name] are not valid",
    ],
    [{ fields: "product.nothing" }, "Requested fields [product.nothing] are not valid"],
    [{ expand: "foo" }, "Requested fields [foo] are not valid"],
    [{ expand: "options, product" }, "Requested fields [ product] are not valid"],
    [{ expand: "product.variants" }, "Requested fields [product.variants] are not valid"],
    [{ expand: "__proto__" }, "Requested fields [__proto__] are not valid"],
  ])("refuses names that are not allowed: %j", (asked, message) => {
    expect(() => shown(asked)).toThrow(message);
  });

  it.each(["toString", "product.product", "product.variants.product.variants.product.variants"])(
    "refuses a path that the graph does not have or that is too deep: %s",
    (expand) => {
      expect(() => shown({ expand }, wide)).toThrow(InvalidDataError);
    },
  );

  it("selects the default without a request, and skips empty names", () => {
    expect(shown({})).toEqual({ columns: ["id", "sku", "title"], relations, narrowed: {} });
    expect(shown({ expand: "" }).relations).toEqual([]);
    expect(shown({ expand: ",options,," }).relations).toEqual(["options"]);
    expect(shown({ fields: "," }).columns).toEqual(["id"]);
  });

  it("replaces the default columns, or edits them", () => {
    expect(shown({ fields: "ean" }).columns).toEqual(["ean", "id"]);
    expect(shown({ fields: "+ean,-sku" }).columns).toEqual(["ean", "id", "title"]);
    expect(shown({ fields: "+ean,sku" }).columns).toEqual(["ean", "id", "sku"]);
  });

  it("narrows a relation that is shown, and shows it where `expand` is missing", () => {
    expect(shown({ fields: "product.title", expand: "product" }).narrowed).toEqual({
      product: ["title"],
    });
    expect(shown({ fields: "product.title", expand: "" })).toMatchObject({
      relations: [],
      narrowed: {},
    });
    expect(shown({ fields: "product.title" }).relations).toContain("product");
  });

  it("selects a valid shape or refuses, whatever the client sends", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "id",
        "title",
        "product",
        "prices",
        "product.title",
        "options.value",
        "inventory_items",
        "constructor",
        "__proto__",
      ),
      fc.string(),
    );
    const text = fc.option(
      fc
        .array(fc.tuple(fc.constantFrom("", "+", "-"), word).map((parts) => parts.join("")))
        .map((words) => words.join(",")),
      {
        nil: undefined,
      },
    );
    fc.assert(
      fc.property(text, text, fc.constantFrom(narrow, wide), (fields, expand, of) => {
        try {
          const shape = shapeFor(select(of, { fields, expand }, ["id"]));
          expect(
            shape.columns.every((column) => Object.hasOwn(productVariant.columns, column)),
          ).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDataError);
        }
      }),
    );
  });
});

describe("a view without a list of allowed relations", () => {
  it("refuses too deep relations, and names the limit", () => {
    expect(() => shown({ expand: "a.b.c.d.e.f.g" }, wide)).toThrow(
      "are not valid: relations are named by dots",
    );
    expect(() => shown({ fields: "foo", expand: "bar" }, wide)).toThrow(
      "Requested fields [bar] are not valid",
    );
  });
});
