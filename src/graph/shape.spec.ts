import { describe, expect, expectTypeOf, it } from "vitest";
import { compileTree } from "./compile-tree.ts";
import { cart } from "./entities/cart-entities.ts";
import { product } from "./entities/catalogue-entities.ts";
import { moneyAmount } from "./entities/price-entities.ts";
import { entityNamed, schema } from "./schema.ts";
import { buildShape, shapeKey, shapeOf, type TreeOfShape } from "./shape.ts";

describe("the shape of a tree", () => {
  it("refuses relations and columns that an entity does not have", () => {
    expect(() => shapeOf(product, { paths: ["nothing"] })).toThrow(
      "product has no relation nothing",
    );
    expect(() => shapeOf(product, { paths: ["variants.nothing"] })).toThrow(
      "product_variant has no relation nothing",
    );
    expect(() => buildShape(product, { columns: ["password_hash"] })).toThrow(
      "product has no column password_hash",
    );
    expect(() => buildShape(product, { neededColumns: new Map([["", ["nothing"]]]) })).toThrow(
      RangeError,
    );
    expect(() => entityNamed("nothing")).toThrow("No entity nothing");
  });

  it("includes the relations on the way, and hides those that are only needed", () => {
    const shape = shapeOf(product, {
      columns: ["title"],
      paths: ["variants.prices"],
      needed: ["variants.product", "type"],
    });
    expect([...shape.relations.keys()]).toEqual(["type", "variants"]);
    expect([...shape.hiddenRelations]).toEqual(["type"]);
    expect([...(shape.relations.get("variants")?.hiddenRelations ?? [])]).toEqual(["product"]);
  });

  it("has one key in any order of its paths, and another where it hides or requires more", () => {
    const key = (paths: string[], needed: string[] = [], required: string[] = []) =>
      shapeKey(buildShape(product, { paths, needed, required }));
    expect(key(["tags", "variants.prices"])).toBe(key(["variants.prices", "tags"]));
    expect(key(["tags"])).not.toBe(key([], ["tags"]));
    expect(key(["type"])).not.toBe(key(["type"], [], ["type"]));
  });

  it("compiles to one statement with the root ids as its only value", () => {
    const { text } = compileTree(shapeOf(product, { paths: ["variants.prices", "tags"] }));
    expect(text.match(/\$\d/g)?.every((placeholder) => placeholder === "$1")).toBe(true);
    expect(text).not.toContain(";");
  });

  it("throws where a row that it requires is missing", () => {
    const shape = shapeOf(product, { columns: ["id"], paths: ["type"], required: ["type"] });
    const lists = { r0: [["prod_1", "ptyp_1"]], r1: null };
    expect(() => compileTree(shape).stitch(lists)).toThrow(
      "The type of this product no longer exists (ptyp_1)",
    );
  });
});

describe("the type of a tree", () => {
  const shape = shapeOf(cart, {
    columns: ["id", "email"],
    paths: ["items.variant", "region.countries"],
    needed: ["payment_sessions"],
    narrowed: { items: ["quantity"], "items.variant": ["sku"], "region.countries": ["iso_2"] },
    required: ["region"],
  });
  type Cart = TreeOfShape<typeof shape>;

  it("follows from the literal paths", () => {
    expectTypeOf<keyof Cart>().toEqualTypeOf<
      "id" | "email" | "items" | "region" | "payment_sessions"
    >();
    expectTypeOf<Cart["items"]>().toEqualTypeOf<
      readonly {
        readonly quantity: number;
        readonly variant: { readonly sku: string | null } | null;
      }[]
    >();
    expectTypeOf<Cart["payment_sessions"][number]["status"]>().toEqualTypeOf<string>();
  });

  it("has null where a single row may be missing, unless it is required", () => {
    expectTypeOf<Cart["region"]["tax_rate"]>().toEqualTypeOf<number>();
    expectTypeOf<null>().toExtend<Cart["items"][number]["variant"]>();
  });

  it("has no null where the key is never null and the row is never deleted", () => {
    const prices = shapeOf(moneyAmount, { paths: ["currency", "region"] });
    type Price = TreeOfShape<typeof prices>;
    expectTypeOf<Price["currency"]["includes_tax"]>().toEqualTypeOf<boolean>();
    expectTypeOf<null>().toExtend<Price["region"]>();
  });
});

describe("the declared entities", () => {
  it("are linked by columns and entities that exist", () => {
    for (const entity of schema.values()) {
      for (const [name, relation] of Object.entries(entity.relations)) {
        const where = `${entity.name}.${name}`;
        const target = entityNamed(relation.entity);
        if (relation.kind === "through") continue;
        expect(Object.keys(entity.columns), where).toContain(relation.from);
        expect(Object.keys(target.columns), where).toContain(relation.to);
        for (const { column } of relation.order ?? [])
          expect(Object.keys(target.columns), where).toContain(column);
      }
    }
  });

  it("never contain a password hash", () => {
    for (const { columns } of schema.values())
      expect(Object.keys(columns)).not.toContain("password_hash");
  });
});
