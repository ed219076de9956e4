import { z } from "zod";
import { optionalText } from "../../http/validation/body-fields.ts";
import { expand, fields } from "../../http/validation/query-fields.ts";
import { orderEditView } from "./order-edit-view.ts";

/** Query parameters of an order edit. */
export const orderEditQuery = z.strictObject({
  expand: expand(orderEditView.relations),
  fields: fields(orderEditView.fields),
});

/** How an order edit is declined. */
export const decline = z.strictObject({
  declined_reason: optionalText({
    description: "Why, in the customer's words.",
    example: "Too expensive",
  }),
});
