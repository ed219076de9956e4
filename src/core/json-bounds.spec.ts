import { describe, expect, it } from "vitest";
import { jsonBytes, mustFitJson } from "./json-bounds.ts";

const nested = (depth: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

describe("the bounds of a JSON value", () => {
  const bounds = { bytes: 30, depth: 3 };

  it.each([
    [nested(4), "metadata must not be nested more than 3 levels deep"],
    [[[[[]]]], "metadata must not be nested more than 3 levels deep"],
    [nested(20_000), "metadata must not be nested more than 3 levels deep"],
    [{ a: "x".repeat(30) }, "metadata must not be larger than 30 bytes of JSON"],
    [{ a: "é".repeat(15) }, "metadata must not be larger than 30 bytes of JSON"],
    ["x".repeat(29), "metadata must not be larger than 30 bytes of JSON"],
  ])("refuse what is beyond them (%#)", (value, message) => {
    expect(() => mustFitJson("metadata", value, bounds)).toThrow(message);
  });

  it.each([[undefined], [null], [nested(3)], ["x".repeat(28)], [5], [{ a: "é".repeat(11) }]])(
    "take what is within them (%#)",
    (value) => {
      expect(() => mustFitJson("metadata", value, bounds)).not.toThrow();
    },
  );

  it("take what shrinks", () => {
    const [large, larger] = [{ a: "x".repeat(40) }, { a: "x".repeat(41) }];
    expect(() => mustFitJson("metadata", large, bounds, larger)).not.toThrow();
    expect(() => mustFitJson("metadata", larger, bounds, large)).toThrow("30 bytes");
  });

  it("count bytes, not characters", () => {
    expect([jsonBytes("é"), jsonBytes("😀"), jsonBytes(null)]).toEqual([4, 6, 0]);
  });
});
