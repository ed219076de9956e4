import { z } from "zod";
import { optionalText } from "../../http/validation/body-fields.ts";
import { expand, fields } from "../../http/validation/query-fields.ts";
import { orderEditView } from "./order-edit-view.ts";

/** The query parameters of an order edit. */
export const orderEditQuery = z.strictObject({
  expand: expand(orderEditView.relations),
  fields: fields(orderEditView.fields),
});

/** The body that declines an order edit. */
export const decline = z.strictObject({
  declined_reason: optionalText({
    description: "The reason, in the customer's words.",
    example: "Too expensive",
  }),
});
