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
 * What product endpoints show. `variants.title` and `variants.prices.amount` are for sorting, and
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
 * What a request shows of products. A collection or type that is expanded all alone comes without
 * its key (`collection_id`, `type_id`), as in Medusa. With `channels` a list that names no
 * relations also shows each product's sales channels: so it is where a key narrows it.
 * @throws InvalidData naming what is not allowed.
 */
export function productSelection(
  asked: ViewQuery,
  always: readonly string[],
  channels?: "channels",
): Selection {
  const selected = select(productView, asked, always);
  if (channels && asked.expand) return selected;
  const selection = channels
    ? { ...selected, relations: new Set([...selected.relations, "sales_channels"]) }
    : selected;
  const [alone, ...others] = new Set([...selection.relations].map((path) => path.split(".")[0]));
  if (others.length > 0 || (alone !== "collection" && alone !== "type")) return selection;
  return { ...selection, columns: selection.columns.filter((column) => column !== `${alone}_id`) };
}
