import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-typed-"));
const compilerOptions = {
  ...{ module: "nodenext", target: "es2022", lib: ["es2023", "dom"], types: [] },
  ...{ strict: true, noEmit: true },
};
beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(projectRoot(), join(folder, "node_modules/nettle-store-api"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns what TypeScript says of a shop's module, with the options that a new project has. */
function compile(text: string): string {
  writeFileSync(join(folder, "mine.ts"), text);
  const config = { compilerOptions, include: ["mine.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(projectRoot(), "node_modules/typescript/bin/tsc");
  const arguments_ = [tsc, "-p", folder, "--skipLibCheck"];
  return spawnSync(process.execPath, arguments_, { encoding: "utf8" }).stdout;
}

const TAX = `import type { TaxProvider } from "nettle-store-api/providers";
  export const tax: TaxProvider = {
    id: "mine",
    taxLines: ({ items }) =>
      items.map(({ item_id }) => ({ item_id, rate: 19, name: "VAT", code: null })),
  };`;

describe("a shop's own module in TypeScript", () => {
  it("is refused with a provider or a subscriber that is none", () => {
    expect(compile(TAX.replace('"mine"', "5"))).toContain("Type 'number' is not assignable");
    const subscribers = `import type { Subscribers } from "nettle-store-api/subscribers";
      export const mine: Subscribers = { "order.shipped": () => undefined };`;
    expect(compile(subscribers)).toContain("order.shipped");
  });

  it("has types of each kind of provider", () => {
    const kinds = `import type {
        ContractSupport, FulfillmentProvider, PaymentProvider,
      } from "nettle-store-api/providers";
      export type Mine = PaymentProvider | FulfillmentProvider | ContractSupport;`;
    expect(compile(`${TAX}\n${kinds}`)).toBe("");
  });
});
