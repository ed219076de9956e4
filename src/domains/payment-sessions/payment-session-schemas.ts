import { z } from "zod";
import { object, text } from "../../http/validation/body-fields.ts";

const provider = {
  description: "The id of one of the region's payment providers.",
  example: "manual",
};

export const sessionChoice = z.strictObject({ provider_id: text(provider) });

export const sessionChange = z.strictObject({
  data: object({
    description: "Data for the payment provider, which decides what it stores of it.",
    example: { data: { reference: "PO-77" } },
  }),
});
