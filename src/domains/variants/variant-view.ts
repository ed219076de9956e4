import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { type Selection, select, type ViewQuery, view } from "../../graph/view.ts";

const relations = ["prices", "options", "product"];

/** What variant endpoints show. */
export const variantView = view(productVariant, {
  relations: { default: relations, allowed: [...relations, "inventory_items"] },
});

/**
 * What a request shows of variants.
 * @throws InvalidData naming what is not allowed.
 */
export function variantSelection(asked: ViewQuery, always: readonly string[]): Selection {
  return select(
    variantView,
    { ...asked, fields: asked.fields && fromNothing(asked.fields) },
    always,
  );
}

/**
 * `+x` and `-x` edit no default fields here: without any other name they begin with nothing, as in
 * Medusa.
 */
function fromNothing(fields: string): string {
  const names = fields.split(",").filter(Boolean);
  if (!names.every((name) => /^[+-]/.test(name))) return fields;
  return names.flatMap((name) => (name.startsWith("+") ? [name.slice(1)] : [])).join(",");
}

/** The same for a list: prices that are not of the context are not listed there, as in Medusa. */
export function variantsSelection(asked: ViewQuery, always: readonly string[]): Selection {
  const selection = variantSelection(asked, always);
  return {
    ...selection,
    relations: new Set([...selection.relations].filter((path) => path !== "prices")),
  };
}
