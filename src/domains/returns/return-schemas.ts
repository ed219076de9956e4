import { z } from "zod";
import {
  list,
  nonEmptyText,
  optionalText,
  positiveInteger,
} from "../../http/validation/body-fields.ts";
import { optionalNested } from "../../http/validation/nested-fields.ts";

export const orderId = nonEmptyText({
  description: "The id of the order.",
  example: "order_01HK153X00XT2X9PZ7QJXDWGTX",
});

export const returnedItem = z.strictObject({
  item_id: nonEmptyText({
    description: "The id of a line of the order, or of one of its swaps or claim orders.",
    example: "item_01HK153X009RKN536QG3PMYPZV",
  }),
  quantity: positiveInteger({ description: "The quantity to return.", example: 1 }),
  reason_id: optionalText({
    description: "The id of the return reason, which must not have reasons below it.",
    example: "rr_01HK153X061E4N4WJ476H7M2M7",
  }),
  note: optionalText({ description: "A note for the shop.", example: "Too tight" }),
});
export type ReturnedItem = z.output<typeof returnedItem>;

export const newReturn = z.strictObject({
  order_id: orderId,
  items: list({ description: "The lines to return." }, returnedItem),
  return_shipping: optionalNested(
    { description: "The return shipping. Without it, the customer arranges the return shipping." },
    z.strictObject({
      option_id: nonEmptyText({
        description: "The id of a shipping option for returns in the order's region.",
        example: "so_01HK153X04M2K3N91Z51BDGPGN",
      }),
    }),
  ),
});
export type NewReturn = z.output<typeof newReturn>;
