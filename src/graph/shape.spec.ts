import { describe, expect, it } from "vitest";
import { compileTree } from "./compile-tree.ts";
import { product } from "./entities/catalogue-entities.ts";
import { entityNamed, schema } from "./schema.ts";
import { shapeKey, shapeOf } from "./shape.ts";

describe("the shape of a tree", () => {
  it("is refused for what an entity does not have", () => {
    expect(() => shapeOf(product, { paths: ["nothing"] })).toThrow(
      "product has no relation nothing",
    );
    expect(() => shapeOf(product, { paths: ["variants.nothing"] })).toThrow(
      "product_variant has no relation nothing",
    );
    expect(() => shapeOf(product, { columns: ["password_hash"] })).toThrow(
      "product has no column password_hash",
    );
    expect(() => shapeOf(product, { neededColumns: new Map([["", ["nothing"]]]) })).toThrow(
      RangeError,
    );
    expect(() => entityNamed("nothing")).toThrow("No entity nothing");
  });

  it("brings the relations on the way, and hides what is only needed", () => {
    const shape = shapeOf(product, {
      columns: ["title"],
      paths: ["variants.prices"],
      needed: ["variants.product", "type"],
    });
    expect([...shape.relations.keys()]).toEqual(["type", "variants"]);
    expect([...shape.hiddenRelations]).toEqual(["type"]);
    expect([...(shape.relations.get("variants")?.hiddenRelations ?? [])]).toEqual(["product"]);
  });

  it("has one key, whatever the order in which it is asked for, and another when something hides", () => {
    const key = (paths: string[], needed: string[] = []) =>
      shapeKey(shapeOf(product, { paths, needed }));
    expect(key(["tags", "variants.prices"])).toBe(key(["variants.prices", "tags"]));
    expect(key(["tags"])).not.toBe(key([], ["tags"]));
  });

  it("compiles to one statement with the root ids as its only value", () => {
    const { text } = compileTree(shapeOf(product, { paths: ["variants.prices", "tags"] }));
    expect(text.match(/\$\d/g)?.every((placeholder) => placeholder === "$1")).toBe(true);
    expect(text).not.toContain(";");
  });
});

describe("the declared entities", () => {
  it("are tied by columns and entities that exist", () => {
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

  it("never let a password hash leave", () => {
    for (const { columns } of schema.values())
      expect(Object.keys(columns)).not.toContain("password_hash");
  });
});
