import { z } from "zod";
import { limit, offset, text } from "../../http/validation/query-fields.ts";
import { dateFilter, textFilter } from "../../http/validation/query-unions.ts";

/** How the API document speaks of a kind of labels. */
interface LabelDocumentation {
  readonly plural: string;
  readonly order: string;
  readonly examples: { readonly id: string; readonly prefix: string };
}

/**
 * The query parameters of a list of product tags or product types, in the order in which Medusa
 * reports their errors.
 */
export const productLabelsQuery = (
  { plural, order, examples }: LabelDocumentation,
  maxRows: number,
) =>
  z.strictObject({
    id: textFilter({ description: `Only ${plural} with these ids.`, example: examples.id }),
    q: text({
      description: "Search text for the value; disables the filter `value`.",
      example: examples.prefix,
    }),
    value: textFilter({
      description:
        `Only ${plural} with these values, or with values in a range; ` +
        "parts of values match in any case.",
      example: { starts_with: examples.prefix },
    }),
    created_at: dateFilter({
      description: `Only ${plural} created in this date range.`,
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateFilter({
      description: `Only ${plural} changed in this date range.`,
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    order: text({
      description: `${order}; a leading \`-\` sorts in descending order. Newest first by default.`,
      example: "value",
    }),
    discount_condition_id: text({
      description: `Only ${plural} of this discount condition.`,
      example: "discon_01HK153X01830HMMKPNW3SEX5P",
    }),
    offset: offset(),
    limit: limit(maxRows, 20),
  });

export type ProductLabelsQuery = z.output<ReturnType<typeof productLabelsQuery>>;
