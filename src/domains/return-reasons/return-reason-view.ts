import { returnReason } from "../../graph/entities/return-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

/** What is shown of a return reason, with its parent and its children. */
export const returnReasonShape = shapeOf(returnReason, {
  columns: [
    "id",
    "value",
    "label",
    "parent_return_reason_id",
    "description",
    "created_at",
    "updated_at",
    "deleted_at",
  ],
  paths: ["parent_return_reason", "return_reason_children"],
});
