import type { RelationOrder } from "./entity.ts";

/** As the rows were made; what was made together, by id. */
export const creation: readonly RelationOrder[] = [{ column: "created_at" }, { column: "id" }];

/** By id, for tables that do not say when a row was made; ids begin with their time. */
export const byId: readonly RelationOrder[] = [{ column: "id" }];

/** As they were made, the newest first. */
export const newestFirst: readonly RelationOrder[] = [
  { column: "created_at", descending: true },
  { column: "id", descending: true },
];
