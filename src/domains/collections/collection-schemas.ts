import { z } from "zod";
import { dateRange, limit, list, offset } from "../../http/validation/query-fields.ts";

/**
 * The query parameters of the collection list, in the order in which Medusa reports their errors.
 */
export const collectionsQuery = (maxRows: number) =>
  z.strictObject({
    handle: list({
      description: "Only collections with one of these handles.",
      example: ["slow-mornings"],
    }),
    limit: limit(maxRows, 10, "integer"),
    offset: offset("integer"),
    created_at: dateRange({
      description: "Only collections created in this date range.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Only collections changed in this date range.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
  });

export type CollectionsQuery = z.output<ReturnType<typeof collectionsQuery>>;
