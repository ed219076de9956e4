import { z } from "zod";
import {
  dateRange,
  expand,
  fields,
  limit,
  offset,
  text,
} from "../../http/validation/query-fields.ts";
import { regionView } from "./region-view.ts";

/**
 * Query parameters of the region list, in the order in which Medusa names their faults; it reads
 * them for a single region, too.
 */
export const regionsQuery = (maxRows: number) =>
  z.strictObject({
    created_at: dateRange({
      description: "Regions created in this range of time.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Regions changed in this range of time.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    expand: expand(regionView.relations),
    fields: fields(regionView.fields),
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description: "A column to sort by; `-` in front sorts downwards. Newest first without it.",
      example: "-name",
    }),
  });

export type RegionsQuery = z.output<ReturnType<typeof regionsQuery>>;
