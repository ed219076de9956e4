import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aProductCategory } from "../support/builders.ts";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

interface Node {
  readonly handle: string;
  readonly category_children?: readonly Node[];
}
const outline = (nodes: readonly Node[] = []): string[] =>
  nodes.map((node) =>
    node.category_children?.length
      ? `${node.handle}(${outline(node.category_children)})`
      : node.handle,
  );

describe("reading product categories", () => {
  const shop = openShop();
  const categories = new Map<string, { id: string; mpath: string }>();
  const idOf = (handle: string) => categories.get(handle)!.id;
  beforeAll(async () => {
    const make = async (handle: string, parent?: string, attributes = {}) => {
      const category = await aProductCategory(shop.knex, {
        handle,
        name: handle.toUpperCase(),
        ...(parent ? { parent: categories.get(parent)! } : {}),
        ...attributes,
      });
      categories.set(handle, category);
    };
    await make("clothing");
    await make("tops", "clothing", { rank: 20 });
    await make("jackets", "clothing", { rank: 10 });
    await make("shells", "jackets");
    await make("hidden", "clothing", { is_internal: true });
    await make("below-hidden", "hidden");
    await make("soon", "jackets", { is_active: false });
    await make("gear");
    await aProduct(shop.knex, { title: "Shell", categories: [idOf("jackets")] });
    await aProduct(shop.knex, { title: "Draft", status: "draft", categories: [idOf("jackets")] });
  });
  const handles = async (query: string) =>
    (
      await shop.get(`/store/product-categories?fields=handle&expand=${query}`)
    ).body.product_categories.map((each: Node) => each.handle);

  it("refuses invalid parameters and names each of them", async () => {
    expect(
      await shop.get("/store/product-categories?is_active=false&q[]=a&q[]=b&limit=x"),
    ).toBeRefused(400, {
      message:
        "property is_active should not exist, q must be a string, " +
        "limit must be a number conforming to the specified constraints",
    });
    expect(await shop.get("/store/product-categories?order=is_internal")).toBeRefused(400, {
      message: "Order field is_internal is not valid",
    });
    for (const path of [
      "?fields=mpath",
      "?fields=is_internal",
      "?expand=constructor",
      "?expand=products.variants",
    ])
      expect(await shop.get(`/store/product-categories${path}`)).toBeRefused(400, {
        message: /^Requested fields/,
      });
    expect(await shop.get("/store/product-categories/x?limit=1")).toBeRefused(400);
  });

  it("never returns internal or inactive categories", async () => {
    for (const handle of ["hidden", "soon"])
      expect(await shop.get(`/store/product-categories/${idOf(handle)}`)).toBeRefused(404, {
        message:
          `ProductCategory with id: ${idOf(handle)}, is_internal: false, is_active: true ` +
          "was not found",
      });
    expect(
      (await shop.get(`/store/product-categories/${idOf("below-hidden")}`)).body.product_category
        .parent_category,
    ).toBeNull();
    const { text } = await shop.get("/store/product-categories?include_descendants_tree=true");
    expect(text).not.toContain('"handle":"hidden"');
    expect(text).not.toContain('"handle":"soon"');
  });

  it("lists and filters categories of every level, by rank", async () => {
    expect(await handles("&parent_category_id=null")).toEqual(["clothing", "gear"]);
    expect(await handles(`&parent_category_id=${idOf("clothing")}`)).toEqual(["jackets", "tops"]);
    expect(await handles("&handle=gear")).toEqual(["gear"]);
    expect(await handles("&q=SHELL&handle=gear")).toEqual(["shells"]);
    expect(await handles("&q=%5C")).toEqual([]);
    expect(await handles("&order=-name&limit=2")).toEqual(await handles("&order=name&limit=2"));
    expect((await shop.get("/store/product-categories?limit=1&expand=")).body).toMatchObject({
      count: 6,
      offset: 0,
      limit: 1,
    });
  });

  it("returns the whole tree below, with the requested fields", async () => {
    const { product_category } = (
      await shop.get(`/store/product-categories/${idOf("clothing")}?fields=handle`)
    ).body;
    expect(outline([product_category])).toEqual(["clothing(jackets(shells),tops)"]);
    expect(Object.keys(product_category.category_children[0]).sort()).toEqual([
      "category_children",
      "handle",
      "id",
    ]);
    const { body } = await shop.get(
      "/store/product-categories?parent_category_id=null&include_descendants_tree=true",
    );
    expect(outline(body.product_categories)).toEqual(["clothing(jackets(shells),tops)", "gear"]);
  });

  it("returns published products when they are expanded", async () => {
    const { product_category } = (
      await shop.get(`/store/product-categories/${idOf("jackets")}?expand=products`)
    ).body;
    expect(product_category.products.map((product: { title: string }) => product.title)).toEqual([
      "Shell",
    ]);
  });

  it("reads a deep tree in as many statements as a flat one", async () => {
    let parent = await aProductCategory(shop.knex, { handle: "level-0" });
    const top = parent;
    for (let level = 1; level <= 60; level++)
      parent = await aProductCategory(shop.knex, { handle: `level-${level}`, parent });
    const statements = await countStatements(async () => {
      const { body } = await shop.get(`/store/product-categories/${top.id}?fields=handle`);
      expect(outline([body.product_category])[0]).toContain("level-59(level-60)");
    });
    expect(statements).toHaveLength(2);
    const listed = await countStatements(() =>
      shop.get("/store/product-categories?include_descendants_tree=true"),
    );
    expect(listed).toHaveLength(3);
  });
});
