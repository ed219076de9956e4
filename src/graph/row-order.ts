import type { RelationOrder } from "./entity.ts";

/** Sorts by creation time; rows that were created together, by id. */
export const creation: readonly RelationOrder[] = [{ column: "created_at" }, { column: "id" }];

/** Sorts by id, for tables without a creation time; ids begin with their time. */
export const byId: readonly RelationOrder[] = [{ column: "id" }];

/** Sorts by creation time, the newest first. */
export const newestFirst: readonly RelationOrder[] = [
  { column: "created_at", descending: true },
  { column: "id", descending: true },
];
