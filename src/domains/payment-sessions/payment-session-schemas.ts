import { z } from "zod";
import { object, text } from "../../http/validation/body-fields.ts";

const provider = { description: "The payment provider; one of the region's.", example: "manual" };

/** Which session pays. */
export const sessionChoice = z.strictObject({ provider_id: text(provider) });

/** What the storefront tells the provider. */
export const sessionChange = z.strictObject({
  data: object({
    description: "What the provider is told; what of it stays is the provider's affair.",
    example: { data: { reference: "PO-77" } },
  }),
});
