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

/** Query parameters of the category list, in the order in which Medusa names their faults. */
export const productCategoriesQuery = (maxRows: number) =>
  z.strictObject({
    q: text({
      description: "Text to be found in name or handle; `handle` does not count then.",
      example: "jack",
    }),
    handle: text({ description: "The category with this handle.", example: "jackets" }),
    parent_category_id: text({
      description: "Categories right below this one; `null` for the top ones.",
      example: "null",
    }),
    include_descendants_tree: exactBoolean({
      description: "Each with everything below it instead of its children alone.",
      example: true,
    }),
    ...selection,
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description: "A shown column. Checked, but categories always come by rank, then by handle.",
      example: "name",
    }),
  });

/** Query parameters of a single category. */
export const productCategoryQuery = z.strictObject(selection);

export type ProductCategoriesQuery = z.output<ReturnType<typeof productCategoriesQuery>>;
export type ProductCategoryQuery = z.output<typeof productCategoryQuery>;
