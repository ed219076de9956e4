import { describe, expect, it } from "vitest";
import { counted } from "./counted.ts";

describe("counted", () => {
  it("says one of a thing in the singular, and none or several in the plural", () => {
    expect([0, 1, 2].map((count) => counted(count, "row"))).toEqual(["0 rows", "1 row", "2 rows"]);
    expect(counted(20_000, "row")).toBe("20,000 rows");
    expect(counted(1, "index", "indexes")).toBe("1 index");
    expect(counted(15, "index", "indexes")).toBe("15 indexes");
    expect(counted(1, "row is new", "rows are new")).toBe("1 row is new");
  });
});
