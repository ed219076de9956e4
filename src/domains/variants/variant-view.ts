import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";

const relations = ["prices", "options", "product"];

/** The view of variant endpoints. */
export const variantView = view(productVariant, {
  relations: { default: relations, allowed: [...relations, "inventory_items"] },
});

/**
 * Returns what a request shows of a variant.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function variantSelection(viewQuery: ViewQuery, always: readonly string[]): Selection {
  return select(
    variantView,
    { ...viewQuery, fields: viewQuery.fields && withoutDefaults(viewQuery.fields) },
    always,
  );
}

/**
 * As in Medusa, `+x` and `-x` do not change the default fields here: if no other name is given,
 * they start from an empty list.
 */
function withoutDefaults(fields: string): string {
  const names = fields.split(",").filter(Boolean);
  if (!names.every((name) => /^[+-]/.test(name))) return fields;
  return names.flatMap((name) => (name.startsWith("+") ? [name.slice(1)] : [])).join(",");
}

/**
 * Returns what a request shows of a list of variants. As in Medusa, prices outside the context are
 * not listed.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function variantsSelection(viewQuery: ViewQuery, always: readonly string[]): Selection {
  const selection = variantSelection(viewQuery, always);
  return {
    ...selection,
    relations: new Set([...selection.relations].filter((path) => path !== "prices")),
  };
}
