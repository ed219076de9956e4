import { z } from "zod";
import { dateRange, limit, list, offset } from "../../http/validation/query-fields.ts";

/** Query parameters of the collection list, in the order in which Medusa names their faults. */
export const collectionsQuery = (maxRows: number) =>
  z.strictObject({
    handle: list({
      description: "Collections with any of these handles.",
      example: ["summer-walks"],
    }),
    limit: limit(maxRows, 10, "integer"),
    offset: offset("integer"),
    created_at: dateRange({
      description: "Collections created in this range of time.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Collections changed in this range of time.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
  });

export type CollectionsQuery = z.output<ReturnType<typeof collectionsQuery>>;
