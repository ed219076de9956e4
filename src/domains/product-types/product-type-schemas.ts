import { z } from "zod";
import { limit, offset, text } from "../../http/validation/query-fields.ts";
import { dateFilter, textFilter } from "../../http/validation/query-unions.ts";

/**
 * Query parameters of the list of product types, in the order in which Medusa names their faults.
 */
export const productTypesQuery = (maxRows: number) =>
  z.strictObject({
    id: textFilter({
      description: "Product types with these ids.",
      example: "ptyp_01HZX3W8V0C6C4Y0GBKPF2XH7C",
    }),
    q: text({
      description: "Text to be found in the value; `value` does not count then.",
      example: "Bo",
    }),
    value: textFilter({
      description:
        "Product types with these values, or with values in a range; parts are found in any case.",
      example: { starts_with: "Bo" },
    }),
    created_at: dateFilter({
      description: "Product types created in this range of time.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateFilter({
      description: "Product types changed in this range of time.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    order: text({
      description: "A column to sort by; `-` in front sorts downwards. Newest first without it.",
      example: "value",
    }),
    discount_condition_id: text({
      description: "Product types that this discount condition names.",
      example: "discon_01HZX3W8V0C6C4Y0GBKPF2XH7C",
    }),
    offset: offset(),
    limit: limit(maxRows, 20),
  });

export type ProductTypesQuery = z.output<ReturnType<typeof productTypesQuery>>;
