import { describe, expect, it } from "vitest";
import { clientRequest, mustBeWithinBudget } from "./answer-bounds.ts";

describe("the budget of a request's relations", () => {
  const bounds = { depth: 3, relations: 4, rows: 1, bytes: 1 };

  it("counts the relations on the way once", () => {
    expect(clientRequest(["a.b.c", "a.b.d", "a"])).toEqual({ depth: 3, relations: 4 });
    expect(clientRequest([])).toEqual({ depth: 0, relations: 0 });
  });

  it.each([
    [["a.b.c.d"], "at most 3 deep"],
    [["a.b.c", "a.d", "e"], "name 5 relations: at most 4"],
  ])("refuses %j", (paths, message) => {
    expect(() => mustBeWithinBudget(clientRequest(paths), bounds)).toThrow(message);
  });

  it("takes what is within it", () => {
    expect(() => mustBeWithinBudget(clientRequest(["a.b.c", "a.d"]), bounds)).not.toThrow();
  });
});
