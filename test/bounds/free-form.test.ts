import { describe, expect, it } from "vitest";
import { FREE_FORM } from "../../src/http/validation/must-be-within-bounds.ts";
import { openShop } from "../support/open-shop.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Returns the names of the properties of a schema that may hold values of any form. */
function freeForm(schema: Schema): string[] {
  const parts = ["items", "anyOf", "oneOf", "allOf"].flatMap(
    (key) => schema[key] ?? [],
  ) as Schema[];
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>);
  return [
    ...properties.filter(([, property]) => isFreeForm(property)).map(([name]) => name),
    ...[...parts, ...properties.map(([, property]) => property)].flatMap(freeForm),
  ];
}

function isFreeForm(schema: Schema): boolean {
  const types = [schema["type"]].flat();
  const structure = ["properties", "items", "anyOf", "oneOf", "allOf", "$ref", "enum", "const"];
  if (structure.some((key) => key in schema)) return false;
  return types.includes("object") || types.includes(undefined);
}

/** A property of any form is bounded by its name, so that no new one escapes. */
describe("the bodies of the API document", () => {
  const shop = openShop();

  it("hold values of any form only where they are bounded", async () => {
    const { paths } = (await shop.get("/openapi.json")).body;
    const operations = Object.values(paths).flatMap((path) => Object.values(path as object));
    const schemas = operations.flatMap(
      ({ requestBody }) => requestBody?.content?.["application/json"]?.schema ?? [],
    );
    expect(schemas.length).toBeGreaterThan(20);
    const names = new Set(schemas.flatMap(freeForm));
    expect([...names].toSorted()).toEqual([...FREE_FORM].toSorted());
  });
});
