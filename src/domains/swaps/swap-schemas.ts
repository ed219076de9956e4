import { z } from "zod";
import {
  list,
  nonEmptyText,
  optionalText,
  positiveInteger,
} from "../../http/validation/body-fields.ts";
import { orderId, returnedItem } from "../returns/return-schemas.ts";

const additionalItem = z.strictObject({
  variant_id: nonEmptyText({
    description: "What is sent instead.",
    example: "variant_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  quantity: positiveInteger({ description: "How many pieces of it.", example: 1 }),
});

/** A new swap. */
export const newSwap = z.strictObject({
  order_id: orderId,
  return_items: list({ description: "What comes back." }, returnedItem),
  additional_items: list({ description: "What is sent instead." }, additionalItem),
  return_shipping_option: optionalText({
    description:
      "How it comes back: a shipping option for returns, of the order's region; left out, the customer sees to it.",
    example: "so_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
});
export type NewSwap = z.output<typeof newSwap>;
