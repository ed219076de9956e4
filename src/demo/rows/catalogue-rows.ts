import { type DemoCategory, demoCategories, demoCollections } from "../catalogue.ts";
import { demoProducts } from "../products/demo-products.ts";
import { createdDaysAgo, type DemoContext, type TableRows } from "./demo-context.ts";

const CREATED_DAYS_AGO = 61;

/** Returns the rows of categories, collections, product types and tags. */
export function catalogueRows(context: DemoContext): TableRows[] {
  const timestamps = createdDaysAgo(context.now, CREATED_DAYS_AGO);
  const types = [...new Set(demoProducts.flatMap((product) => product.type ?? []))];
  const tags = [...new Set(demoProducts.flatMap((product) => product.tags))];
  return [
    { table: "product_category", rows: categoryRows(context, demoCategories) },
    {
      table: "product_collection",
      rows: demoCollections.map((collection, index) => ({
        id: context.ids("pcol", collection.handle),
        ...collection,
        ...createdDaysAgo(context.now, CREATED_DAYS_AGO - index),
      })),
    },
    {
      table: "product_type",
      rows: types.map((value) => ({ id: context.ids("ptyp", value), value, ...timestamps })),
    },
    {
      table: "product_tag",
      rows: tags.map((value) => ({ id: context.ids("ptag", value), value, ...timestamps })),
    },
  ];
}

/**
 * Returns the rows of a tree of categories, parents first. A category's `mpath` lists the ids of
 * its ancestors and its own, each followed by a dot.
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
      ...createdDaysAgo(context.now, CREATED_DAYS_AGO),
    };
    return [row, ...categoryRows(context, category.children ?? [], { id, mpath })];
  });
}
