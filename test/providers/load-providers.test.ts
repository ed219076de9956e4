import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadProviders } from "../../src/providers/load-providers.ts";
import { taxProviderOf } from "../../src/providers/providers.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-providers-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const load = (...names: string[]) => loadProviders(names, { seconds: 1, directory: folder });

const tax = (id: string) => `{ id: "${id}", taxLines: () => [] }`;

describe("a module is refused with one sentence", () => {
  it.each([
    ["when it is not there", undefined, /names \.\/wrong\.mjs, which cannot be found from/],
    ["when it cannot be read", "export const = 1", /cannot be loaded: /],
    ["when it fails", "throw new Error('No API key')", /cannot be loaded: No API key/],
    [
      "when it exports no provider",
      "export const taxes = {}",
      /exports none of tax, fulfillment, payment/,
    ],
    [
      "when a provider is not an object",
      "export const tax = 5",
      /The tax provider of \.\/wrong\.mjs is not an object/,
    ],
    ["when it has no id", "export const tax = { taxLines: () => [] }", /needs an id/],
    ["when its id is invalid", `export const tax = ${tax("my tax")}`, /needs an id/],
    [
      "when it lacks a method",
      "export const tax = { id: 'x' }",
      /The tax provider x of \.\/wrong\.mjs has no method "taxLines"/,
    ],
    [
      "when a method is not a function",
      "export const tax = { id: 'x', taxLines: [] }",
      /no method "taxLines"/,
    ],
    [
      "when an id is taken",
      `export const tax = ${tax("system")}`,
      /two tax providers with the id system/,
    ],
    [
      "when two have the same id",
      `export const tax = [${tax("a")}, ${tax("a")}]`,
      /two tax providers with the id a:/,
    ],
  ])("%s", async (when, text, sentence) => {
    const file = `${when.replaceAll(" ", "-")}/wrong.mjs`;
    if (text !== undefined) write(file, text);
    else mkdirSync(join(folder, dirname(file)), { recursive: true });
    const loading = loadProviders(["./wrong.mjs"], {
      seconds: 1,
      directory: join(folder, dirname(file)),
    });
    await expect(loading).rejects.toMatchObject({
      name: "StartupError",
      message: expect.stringMatching(sentence),
    });
  });

  it("when a package is not installed", async () => {
    await expect(load("nowhere-to-be-found")).rejects.toMatchObject({ name: "StartupError" });
  });
});

describe("providers are loaded", () => {
  it("from no module: the built-in ones", async () => {
    const { tax: taxes, fulfillment, payment } = await load();
    expect([taxes.ids, fulfillment.ids, payment.ids]).toEqual([["system"], ["manual"], ["manual"]]);
  });

  it("from a file, several of them, by a relative or absolute path", async () => {
    write("own.mjs", `export const tax = [${tax("one")}, ${tax("two")}];`);
    expect((await load("./own.mjs")).tax.ids).toEqual(["system", "one", "two"]);
    expect((await load(join(folder, "own.mjs"))).tax.has("two")).toBe(true);
  });

  it.each([
    [
      "with exports for import only",
      { type: "module", exports: { ".": { import: { default: "./main.js" } } } },
      "main.js",
      "",
    ],
    ["with one entry", { type: "module", exports: "./main.js" }, "main.js", ""],
    ["with a main file", { type: "module", main: "lib/main.js" }, "lib/main.js", ""],
    [
      "with a subpath",
      { type: "module", exports: { "./tax": { import: "./tax.js" } } },
      "tax.js",
      "/tax",
    ],
  ])("from a package %s", async (which, manifest, file, part) => {
    const name = `@shop/${which.replaceAll(" ", "-")}`;
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, ...manifest }));
    write(`node_modules/${name}/${file}`, `export const tax = ${tax("packed")};`);
    expect((await load(`${name}${part}`)).tax.has("packed")).toBe(true);
  });

  it("without the methods that are not called yet, or with them", async () => {
    const methods = (names: string) =>
      names
        .split(" ")
        .map((name) => `${name}: () => ({})`)
        .join(", ");
    const payment = "initiate update updateData authorize cancel refund delete retrieve";
    const fulfillment = "calculatePrice validateFulfillmentData";
    write(
      "least.mjs",
      `export const payment = [{ id: "least", ${methods(payment)} },
        { id: "whole", ${methods(`${payment} capture`)} }];
      export const fulfillment = [{ id: "least", ${methods(fulfillment)} },
        { id: "whole", ${methods(`${fulfillment} validateOption canCalculate`)} }];`,
    );
    const providers = await load("./least.mjs");
    expect(providers.payment.ids).toEqual(["manual", "least", "whole"]);
    expect(providers.fulfillment.ids).toEqual(["manual", "least", "whole"]);
  });

  it("for a region: the named tax provider, or the shop's own rates", async () => {
    write("region.mjs", `export const tax = ${tax("one")};`);
    const providers = await load("./region.mjs");
    expect(["one", null].map((id) => taxProviderOf(providers, id).id)).toEqual(["one", "system"]);
  });

  it("but not one that this server does not have", async () => {
    const { payment } = await load();
    expect(() => payment.get("stripe")).toThrow(
      "Could not find a payment provider with id: stripe",
    );
  });
});
