import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { openShop } from "../support/open-shop.ts";

const readme = readFileSync(join(projectRoot(), "README.md"), "utf8");

describe("the README's tables of endpoints", () => {
  const shop = openShop();

  it("list exactly the endpoints of the API document", async () => {
    const { paths } = (await shop.get("/openapi.json")).body as {
      paths: Record<string, Record<string, unknown>>;
    };
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      ),
    );
    const named = [...readme.matchAll(/`((?:GET|POST|DELETE) \/store\S*)`/g)].map(
      ([, endpoint]) => endpoint,
    );
    expect(served.length).toBeGreaterThan(20);
    expect([...new Set(named)].sort()).toEqual(
      served.filter((endpoint) => endpoint.includes(" /store/")).sort(),
    );
  });
});
