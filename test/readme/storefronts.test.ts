import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import {
  connectHits,
  connectRefinementList,
  connectSearchBox,
} from "instantsearch.js/es/connectors/index.js";
import instantsearch from "instantsearch.js/es/index.js";
import { type ComponentType, createElement } from "react";
import { create } from "react-test-renderer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { aProduct, aProductType, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { blocksBelow } from "./readme-blocks.ts";

describe("the README's code for storefronts", () => {
  const shop = openShop();
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(projectRoot(), "node_modules", ".cache-readme-"));
    const { id: type_id } = await aProductType(shop.knex, { value: "Outdoor" });
    await aRegion(shop.knex, { countries: ["de"] });
    await aProduct(shop.knex, {
      title: "Rain jacket",
      type_id,
      variants: [{ prices: [{ amount: 100 }] }],
    });
    await aProduct(shop.knex, { title: "Wool jumper", variants: [{ prices: [{ amount: 200 }] }] });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Imports the code of a block as a module. */
  const load = async ([text]: string[], language: "js" | "jsx", exported = "") => {
    const here = text!.replaceAll("http://localhost:9000", shop.url) + exported;
    const { code } = transformSync(here, { loader: language, jsx: "automatic" });
    const file = join(folder, `${files++}.mjs`);
    writeFileSync(file, code);
    return import(file);
  };

  it("reads products and fills a cart by medusa-js", async () => {
    const { cart, products } = await load(
      blocksBelow("medusa-js", 1),
      "js",
      "\nexport { cart, products };",
    );
    expect(products).toHaveLength(2);
    expect((await shop.get(`/store/carts/${cart.id}`)).body.cart.items).toHaveLength(1);
  });

  it("shows products by medusa-react", async () => {
    const { App } = (await load(blocksBelow("medusa-react", 1), "jsx")) as { App: ComponentType };
    const page = create(createElement(App));
    const items = () => page.root.findAllByType("li").map(({ children }) => children[0]);
    await expect.poll(items, { timeout: 20_000 }).toEqual(["Wool jumper", "Rain jacket"]);
    page.unmount();
  });

  it("searches by InstantSearch", async () => {
    const { searchClient } = await load(blocksBelow("InstantSearch", 1), "js");
    const shown: { titles: string[]; total: number; values: string[] } = {
      titles: [],
      total: 0,
      values: [],
    };
    const search = instantsearch({
      indexName: "products",
      searchClient,
      initialUiState: { products: { query: "jaket" } },
    });
    search.addWidgets([
      connectSearchBox(() => {})({}),
      connectHits(({ hits, results }) => {
        shown.titles = hits.map(({ title }) => title);
        shown.total = results?.nbHits ?? 0;
      })({}),
      connectRefinementList(({ items }) => {
        shown.values = items.map(({ value }) => value);
      })({ attribute: "type_value" }),
    ]);
    search.start();
    await expect.poll(() => shown.titles, { timeout: 20_000 }).toEqual(["Rain jacket"]);
    expect(shown).toEqual({ titles: ["Rain jacket"], total: 1, values: ["Outdoor"] });
    search.dispose();
  });
});
