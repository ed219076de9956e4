import { describe, expect, it } from "vitest";
import { shareOfBuild, workOf } from "./index-build-progress.ts";

/** The phases as PostgreSQL names them, in their order. */
const phases = [
  "initializing",
  "waiting for writers before build",
  "building index: scanning table",
  "building index: sorting live tuples",
  "building index: loading tuples in tree",
  "waiting for writers before validation",
  "index validation: scanning index",
  "index validation: sorting tuples",
  "index validation: scanning table",
  "waiting for old snapshots",
  "waiting for readers before marking dead",
];

describe("shareOfBuild", () => {
  it("never goes back from the beginning of a build to its end", () => {
    const shares = phases.flatMap((phase) =>
      [0, 0.5, 1].map((share) => shareOfBuild({ phase, share })),
    );
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  });

  it("knows the one phase of an index of words", () => {
    expect(shareOfBuild({ phase: "building index", share: 0.5 })).toBe(0.375);
  });

  it("takes what is not counted for begun, and an unknown phase or none for nothing", () => {
    expect(shareOfBuild({ phase: "building index: sorting live tuples", share: null })).toBe(0.5);
    expect(shareOfBuild({ phase: "resting", share: 1 })).toBe(0);
    expect(shareOfBuild(undefined)).toBe(0);
  });
});

describe("workOf", () => {
  it("is more for an index of words than for one of values, and less for one of few rows", () => {
    const index = { name: "nettle_x", table: "product" };
    expect(workOf({ ...index, on: "(title, id)" }, 1000)).toBe(1000);
    expect(workOf({ ...index, on: "using gin (title gin_trgm_ops)" }, 1000)).toBe(8000);
    expect(workOf({ ...index, on: "(type_id) where type_id is not null" }, 1000)).toBe(200);
  });
});
