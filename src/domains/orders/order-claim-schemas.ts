import { z } from "zod";
import { texts, webToken } from "../../http/validation/body-fields.ts";

/** Which orders are claimed. */
export const orderClaim = z.strictObject({
  order_ids: texts({
    description: "Ids of orders that were placed without an account.",
    example: ["order_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
  }),
});

/** The answer to a claim. */
export const claimConfirmation = z.strictObject({
  token: webToken({ description: "The token that came by mail; it is good for 15 minutes." }),
});
