import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "./iso-time.ts";

describe("isoTime", () => {
  it.each([
    ["2026-11-24T04:03:18.668432+00:00", "2026-11-24T04:03:18.668Z"],
    ["2026-11-24T04:03:18.6+00:00", "2026-11-24T04:03:18.600Z"],
    ["2026-11-24T04:03:18+00:00", "2026-11-24T04:03:18.000Z"],
    ["2026-11-24T04:03:18.999999+00:00", "2026-11-24T04:03:18.999Z"],
    ["2026-11-24T04:03:18.5+02:00", "2026-11-24T02:03:18.500Z"],
  ])("converts %s to %s", (printed, expected) => {
    expect(isoTime(printed)).toBe(expected);
  });

  it("prints any time as JavaScript does", () => {
    const dates = fc.date({
      min: new Date("1900-01-01T00:00:00Z"),
      max: new Date("2100-01-01T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const iso = date.toISOString();
        expect(isoTime(iso.replace(/\.?0*Z$/, "+00:00"))).toBe(iso);
      }),
    );
  });
});
