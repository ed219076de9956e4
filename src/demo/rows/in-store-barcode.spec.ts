import { describe, expect, it } from "vitest";
import { inStoreBarcode } from "./in-store-barcode.ts";

describe("an in-store barcode", () => {
  it.each([
    [0, "2000000000008"],
    [1, "2000000000015"],
    [42, "2000000000428"],
    [1234567890, "2012345678903"],
  ])("numbers %i as %s", (n, barcode) => {
    expect(inStoreBarcode(n)).toBe(barcode);
  });
});
