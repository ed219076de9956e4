import { describe, expect, it } from "vitest";
import { StartupError } from "../core/startup-error.ts";
import { mustBeKnown, mustBeRecent } from "./migration-state.ts";

describe("a PostgreSQL server", () => {
  it("is refused if it is older than PostgreSQL 13", () => {
    expect(() => mustBeRecent(120_022)).toThrow(
      new StartupError("PostgreSQL 13 or newer is required; this server is 12."),
    );
    for (const version of [130_000, 180_004]) expect(() => mustBeRecent(version)).not.toThrow();
  });
});

describe("a migration history", () => {
  it("is refused if it names unknown migrations, and may lack some of ours", () => {
    const known = [{ name: "0010-a" }, { name: "0020-b" }];
    expect(() => mustBeKnown(["0010-a", "0030-c"], known)).toThrow(
      /newer Nettle \(0030-c unknown here\)/,
    );
    for (const ran of [[], ["0010-a"], ["0010-a", "0020-b"]])
      expect(() => mustBeKnown(ran, known)).not.toThrow();
  });
});
