import { z } from "zod";
import { parameter, text } from "../../http/validation/query-fields.ts";

/** `true` or `1`, `false` or `0`; `1` is accepted but counts as false, as in Medusa. */
const returnFlag = parameter(
  { description: "Options for returns, or for deliveries; all of them without it.", example: true },
  { type: "string", enum: ["true", "false", "1", "0"] },
  (value, refuse) => {
    if (typeof value === "string" && ["true", "false", "1", "0"].includes(value))
      return value === "true";
    refuse("$property must be a boolean string");
    return z.NEVER;
  },
);

/**
 * Query parameters of the list of shipping options, in the order in which Medusa names their
 * faults.
 */
export const shippingOptionsQuery = z.strictObject({
  product_ids: text({
    description: "Options of these products' shipping profiles; ids separated by commas.",
    example: "prod_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  region_id: text({
    description: "Options of this region.",
    example: "reg_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  is_return: returnFlag,
});

export type ShippingOptionsQuery = z.output<typeof shippingOptionsQuery>;
