import { z } from "zod";
import { texts, webToken } from "../../http/validation/body-fields.ts";

/** The body of a claim: the orders to claim. */
export const orderClaim = z.strictObject({
  order_ids: texts({
    description: "The ids of orders that were placed as a guest.",
    example: ["order_01HK153X00XT2X9PZ7QJXDWGTX"],
  }),
});

/** The body that confirms a claim. */
export const claimConfirmation = z.strictObject({
  token: webToken({ description: "The token from the e-mail; it expires after 15 minutes." }),
});
