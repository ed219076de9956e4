import { z } from "zod";
import {
  list,
  nonEmptyText,
  optionalText,
  positiveInteger,
} from "../../http/validation/body-fields.ts";
import { optionalNested } from "../../http/validation/nested-fields.ts";

/** The order that something comes back from. */
export const orderId = nonEmptyText({
  description: "The order.",
  example: "order_01HZX3W8V0C6C4Y0GBKPF2XH7C",
});

/** What comes back. */
export const returnedItem = z.strictObject({
  item_id: nonEmptyText({
    description: "A line of the order, or of one of its swaps or claims.",
    example: "item_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  quantity: positiveInteger({ description: "How many pieces come back.", example: 1 }),
  reason_id: optionalText({
    description: "Why; one that has no reasons below it.",
    example: "rr_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  note: optionalText({ description: "What else the shop shall know.", example: "Too tight" }),
});
export type ReturnedItem = z.output<typeof returnedItem>;

/** A new return. */
export const newReturn = z.strictObject({
  order_id: orderId,
  items: list({ description: "What comes back." }, returnedItem),
  return_shipping: optionalNested(
    { description: "How it comes back; left out, the customer sees to it." },
    z.strictObject({
      option_id: nonEmptyText({
        description: "A shipping option for returns, of the order's region.",
        example: "so_01HZX3W8V0C6C4Y0GBKPF2XH7C",
      }),
    }),
  ),
});
export type NewReturn = z.output<typeof newReturn>;
