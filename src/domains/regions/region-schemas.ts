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
 * The query parameters of the region list, in the order in which Medusa reports their errors.
 * Medusa also reads them for a single region.
 */
export const regionsQuery = (maxRows: number) =>
  z.strictObject({
    created_at: dateRange({
      description: "Only regions created in this date range.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Only regions changed in this date range.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    expand: expand(regionView.relations),
    fields: fields(regionView.fields),
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description:
        "The column to sort by; a leading `-` sorts in descending order. Newest first by default.",
      example: "-name",
    }),
  });

export type RegionsQuery = z.output<ReturnType<typeof regionsQuery>>;
