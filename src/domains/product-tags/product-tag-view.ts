import { productTag } from "../../graph/entities/catalogue-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

/** The columns that are shown, and that may be sorted by. */
export const productTagColumns = ["id", "value", "created_at", "updated_at"] as const;

/** What is shown of a product tag. */
export const productTagShape = shapeOf(productTag, { columns: productTagColumns });
