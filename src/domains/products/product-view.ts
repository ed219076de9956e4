import { product } from "../../graph/entities/catalogue-entities.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";

const fields = Object.keys(product.columns);

const relations = [
  "variants",
  "variants.prices",
  "variants.options",
  "options",
  "options.values",
  "images",
  "tags",
  "collection",
  "type",
  "profiles",
];

/**
 * The view of product endpoints. `variants.title` and `variants.prices.amount` are for sorting, and
 * narrow what is shown.
 */
export const productView = view(product, {
  fields: {
    default: fields,
    allowed: [...fields, "profile_id", "variants.title", "variants.prices.amount"],
  },
  relations: {
    default: relations,
    allowed: [...relations, "variants.inventory_items", "sales_channels", "categories"],
  },
});

/**
 * Returns what a request shows of products. As in Medusa, a collection or type that is the only
 * expanded relation is shown without its key (`collection_id`, `type_id`). With `channels`, a list
 * whose request names no relations also shows each product's sales channels, as Medusa does if a
 * publishable key limits the list.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function productSelection(
  viewQuery: ViewQuery,
  always: readonly string[],
  channels?: "channels",
): Selection {
  const selected = select(productView, viewQuery, always);
  if (channels && viewQuery.expand) return selected;
  const selection = channels
    ? { ...selected, relations: new Set([...selected.relations, "sales_channels"]) }
    : selected;
  const [first, ...more] = new Set([...selection.relations].map((path) => path.split(".")[0]));
  if (more.length > 0 || (first !== "collection" && first !== "type")) return selection;
  return { ...selection, columns: selection.columns.filter((column) => column !== `${first}_id`) };
}
