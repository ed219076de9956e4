import { product } from "../../graph/entities/catalogue-entities.ts";
import { view } from "../../graph/view.ts";

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

/** What product endpoints show. `variants.title` and `variants.prices.amount` are for sorting, and narrow what is shown. */
export const productView = view(product, {
  fields: { default: fields, allowed: [...fields, "profile_id", "variants.title", "variants.prices.amount"] },
  relations: { default: relations, allowed: [...relations, "variants.inventory_items", "sales_channels", "categories"] },
});
