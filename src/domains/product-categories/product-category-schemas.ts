import { z } from "zod";
import {
  exactBoolean,
  expand,
  fields,
  limit,
  offset,
  text,
} from "../../http/validation/query-fields.ts";
import { categoryView } from "./product-category-view.ts";

const selection = { expand: expand(categoryView.relations), fields: fields(categoryView.fields) };

/** The query parameters of the category list, in the order in which Medusa reports their errors. */
export const productCategoriesQuery = (maxRows: number) =>
  z.strictObject({
    q: text({
      description: "Search text for name and handle; disables the filter `handle`.",
      example: "jack",
    }),
    handle: text({ description: "Only the category with this handle.", example: "jackets" }),
    parent_category_id: text({
      description: "Only direct children of this category; `null` means top-level categories.",
      example: "null",
    }),
    include_descendants_tree: exactBoolean({
      description: "Whether to show all descendants of each category instead of its children.",
      example: true,
    }),
    ...selection,
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description:
        "A column. It is validated, but categories are always sorted by rank and handle.",
      example: "name",
    }),
  });

/** The query parameters of a single category. */
export const productCategoryQuery = z.strictObject(selection);

export type ProductCategoriesQuery = z.output<ReturnType<typeof productCategoriesQuery>>;
export type ProductCategoryQuery = z.output<typeof productCategoryQuery>;
