import { z } from "zod";

/** The body of every refusal: Medusa's error body; `errors` lists several errors at once. */
export const refusal = z
  .object({
    code: z
      .string()
      .optional()
      .meta({
        description: "A machine-readable code, where one is defined.",
        examples: ["insufficient_inventory"],
      }),
    type: z
      .string()
      .optional()
      .meta({ description: "The kind of refusal.", examples: ["invalid_data"] }),
    message: z.string().meta({
      description: "The reason, for people.",
      examples: ["first_name must be a string"],
    }),
    errors: z.array(z.unknown()).optional(),
  })
  .meta({ id: "Refusal" });
