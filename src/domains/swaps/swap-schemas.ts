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
    description: "The product variant to send.",
    example: "variant_01HK153X0M0GXMZNF5XESXWRG2",
  }),
  quantity: positiveInteger({ description: "The quantity to send.", example: 1 }),
});

export const newSwap = z.strictObject({
  order_id: orderId,
  return_items: list({ description: "The lines to return." }, returnedItem),
  additional_items: list({ description: "The items to send instead." }, additionalItem),
  return_shipping_option: optionalText({
    description:
      "The id of a shipping option for returns in the order's region. Without it, the customer " +
      "arranges the return shipping.",
    example: "so_01HK153X04M2K3N91Z51BDGPGN",
  }),
});
export type NewSwap = z.output<typeof newSwap>;
