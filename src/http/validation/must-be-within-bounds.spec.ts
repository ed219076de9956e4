import { describe, expect, it } from "vitest";
import { mustBeWithinBounds } from "./must-be-within-bounds.ts";

describe("the bounds of a body", () => {
  const bounds = { text: 5, metadata: { bytes: 20, depth: 2 } };

  it.each([
    [{ city: "Aarhus" }, "city must not be longer than 5 bytes"],
    [{ city: "ååå" }, "city must not be longer than 5 bytes"],
    [{ address: { city: "Aarhus" } }, "city must not be longer than 5 bytes"],
    [{ codes: ["A", "Aarhus"] }, "codes must not be longer than 5 bytes"],
    [{ items: [{ metadata: { a: "x".repeat(20) } }] }, "metadata must not be larger than 20 bytes"],
    [{ context: [[[1]]] }, "context must not be nested more than 2 levels deep"],
    [{ data: "x".repeat(20) }, "data must not be larger than 20 bytes of JSON"],
    ["Aarhus", "The body must not be longer than 5 bytes"],
  ])("refuse %j", (body, message) => {
    expect(() => mustBeWithinBounds(body, bounds)).toThrow(message);
  });

  it.each([
    [undefined],
    [null],
    [{ city: "Århus".slice(1) }],
    [{ metadata: { a: { b: "x" } } }],
    [{ password: "x".repeat(9) }],
  ])("take %j", (body) => {
    expect(() => mustBeWithinBounds(body, bounds)).not.toThrow();
  });
});
