import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseDirectory } from "../../src/database/embedded/choose-directory.ts";
import { createTempFolder } from "../support/embedded-postgres-fixture.ts";

const asRoot = process.getuid?.() === 0;

let tempFolder: ReturnType<typeof createTempFolder>;
beforeEach(() => {
  tempFolder = createTempFolder();
});
afterEach(() => tempFolder.remove());

describe("the data directory of the embedded PostgreSQL", () => {
  it("is NETTLE_DATA, relative to the project's root", async () => {
    expect(await chooseDirectory({ setting: "/srv/shop", projectRoot: tempFolder.path })).toBe(
      "/srv/shop",
    );
    expect(await chooseDirectory({ setting: "shop", projectRoot: tempFolder.path })).toBe(
      join(tempFolder.path, "shop"),
    );
  });

  it("is in the project, or below /var/lib/nettle when PostgreSQL cannot reach that", async () => {
    const [one, two] = ["one", "two"].map((name) => join(tempFolder.path, "closed", name, "shop"));
    for (const project of [one!, two!]) mkdirSync(project, { recursive: true });
    expect(await chooseDirectory({ projectRoot: one! })).toBe(join(one!, ".nettle"));
    chmodSync(join(tempFolder.path, "closed"), 0o700);
    const chosen = await Promise.all(
      [one!, two!].map((project) => chooseDirectory({ projectRoot: project })),
    );
    if (!asRoot) return expect(chosen).toEqual([join(one!, ".nettle"), join(two!, ".nettle")]);
    expect(chosen[0]).toMatch(/^\/var\/lib\/nettle\/shop-[0-9a-f]{8}$/);
    expect(chosen[1]).not.toBe(chosen[0]);
    expect(await chooseDirectory({ projectRoot: one! })).toBe(chosen[0]);
  });
});
