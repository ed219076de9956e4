import { describe, expect, it } from "vitest";
import { mustBeReadable } from "./must-be-readable.ts";

const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

describe("what is sent", () => {
  it.each([
    ["NUL", { a: ["x\0"] }],
    ["NUL in a name", { "a\0": 1 }],
    ["half a surrogate pair", { metadata: { note: "\ud800" } }],
    ["the other half", ["\udc00x"]],
    ["pairs in the wrong order", "\udc00\ud800"],
    ["too deep", nested(20_000)],
    ["just too deep", nested(101)],
  ])("is refused with %s", (_, sent) => {
    expect(() => mustBeReadable(sent)).toThrow(/^The request /);
  });

  it.each([
    ["nothing", undefined],
    ["whole pairs", { "🎉": "日本 🎉" }],
    ["other control characters", "\u0001\n\t"],
    ["a hundred levels", nested(100)],
    ["numbers and null", { a: [1, null, true] }],
  ])("may be %s", (_, sent) => {
    expect(() => mustBeReadable(sent)).not.toThrow();
  });
});
