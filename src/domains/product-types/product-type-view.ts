import { productType } from "../../graph/entities/catalogue-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

/** What is shown of a product type. */
export const productTypeShape = shapeOf(productType, {
  columns: ["id", "value", "created_at", "updated_at"],
});
