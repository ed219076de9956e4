import { giftCard } from "../../graph/entities/discount-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

/** What is shown of a gift card to whoever knows its code. */
export const giftCardShape = shapeOf(giftCard, {
  columns: ["id", "code", "value", "balance"],
  paths: ["region"],
});
