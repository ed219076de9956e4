import { giftCard } from "../../graph/entities/discount-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

/** The part of a gift card that is shown to anyone who knows its code. */
export const giftCardShape = shapeOf(giftCard, {
  columns: ["id", "code", "value", "balance"],
  paths: ["region"],
});
