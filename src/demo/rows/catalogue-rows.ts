import { type DemoCategory, demoCategories, demoCollections } from "../catalogue.ts";
import { demoProducts } from "../products/demo-products.ts";
import { type DemoContext, madeBefore, type TableRows } from "./demo-context.ts";

const madeDaysAgo = 61;

/** Categories, collections, types and tags: what products are sorted by. */
export function catalogueRows(context: DemoContext): TableRows[] {
  const made = madeBefore(context.now, madeDaysAgo);
  const types = [...new Set(demoProducts.flatMap((product) => product.type ?? []))];
  const tags = [...new Set(demoProducts.flatMap((product) => product.tags))];
  return [
    { table: "product_category", rows: categoryRows(context, demoCategories) },
    {
      table: "product_collection",
      rows: demoCollections.map((collection, index) => ({
        id: context.ids("pcol", collection.handle),
        ...collection,
        ...madeBefore(context.now, madeDaysAgo - index),
      })),
    },
    {
      table: "product_type",
      rows: types.map((value) => ({ id: context.ids("ptyp", value), value, ...made })),
    },
    {
      table: "product_tag",
      rows: tags.map((value) => ({ id: context.ids("ptag", value), value, ...made })),
    },
  ];
}

/**
 * A tree's rows, parents first. A category's path names its ancestors and itself, each id followed
 * by a dot.
 */
function categoryRows(
  context: DemoContext,
  categories: readonly DemoCategory[],
  parent?: { id: string; mpath: string },
): Record<string, unknown>[] {
  return categories.flatMap((category, rank) => {
    const id = context.ids("pcat", category.handle);
    const mpath = `${parent?.mpath ?? ""}${id}.`;
    const row = {
      id,
      name: category.name,
      handle: category.handle,
      description: category.description,
      parent_category_id: parent?.id ?? null,
      mpath,
      rank,
      is_active: true,
      is_internal: false,
      ...madeBefore(context.now, madeDaysAgo),
    };
    return [row, ...categoryRows(context, category.children ?? [], { id, mpath })];
  });
}
