import { describe, expect, it } from "vitest";
import { mustBeReadable } from "./must-be-readable.ts";

const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

describe("mustBeReadable", () => {
  it.each([
    ["NUL", { a: ["x\0"] }],
    ["NUL in a key", { "a\0": 1 }],
    ["a lone high surrogate", { metadata: { note: "\ud800" } }],
    ["a lone low surrogate", ["\udc00x"]],
    ["a surrogate pair in the wrong order", "\udc00\ud800"],
    ["a property named __proto__", { metadata: JSON.parse('{"__proto__":{"a":1}}') }],
    ["20,000 levels", nested(20_000)],
    ["101 levels", nested(101)],
  ])("refuses %s", (_, input) => {
    expect(() => mustBeReadable(input)).toThrow(/^The request /);
  });

  it.each([
    ["undefined", undefined],
    ["surrogate pairs", { "🎉": "日本 🎉" }],
    ["other control characters", "\u0001\n\t"],
    ["100 levels", nested(100)],
    ["numbers and null", { a: [1, null, true] }],
  ])("accepts %s", (_, input) => {
    expect(() => mustBeReadable(input)).not.toThrow();
  });
});
