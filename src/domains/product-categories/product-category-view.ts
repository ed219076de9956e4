import { productCategory } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";

/** The columns that are shown, and that may be sorted by. */
export const categoryColumns = [
  "id",
  "name",
  "description",
  "handle",
  "parent_category_id",
  "created_at",
  "updated_at",
  "rank",
  "metadata",
];

const relations = ["parent_category", "category_children"];

/** The view of category endpoints. */
export const categoryView = view(productCategory, {
  fields: { default: categoryColumns, allowed: categoryColumns },
  relations: { default: relations, allowed: [...relations, "products"] },
});

/**
 * Returns what a request shows of categories. `fields` also applies to the parent and the children.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function categorySelection(viewQuery: ViewQuery, always: readonly string[]): Selection {
  const selection = select(categoryView, viewQuery, always);
  const shown = relations.filter((name) => selection.relations.has(name));
  return { ...selection, narrowed: new Map(shown.map((name) => [name, selection.columns])) };
}

/** A category below another category, with any of its columns. */
export interface CategoryRow extends Tree {
  readonly id: string;
  readonly parent_category_id: string;
}

/**
 * Builds the trees below categories from rows in their order. Returns a function from a category's
 * id to its children, each with the given columns and its own children.
 */
export function branches(
  rows: readonly CategoryRow[],
  columns: readonly string[],
): (parentId: string) => Tree[] {
  const below = new Map<string, CategoryRow[]>();
  for (const row of rows) {
    const siblings = below.get(row.parent_category_id);
    if (siblings) siblings.push(row);
    else below.set(row.parent_category_id, [row]);
  }
  const childrenOf = (parentId: string): Tree[] =>
    (below.get(parentId) ?? []).map((row) => ({
      ...Object.fromEntries(columns.map((column) => [column, row[column]])),
      category_children: childrenOf(row.id),
    }));
  return childrenOf;
}
