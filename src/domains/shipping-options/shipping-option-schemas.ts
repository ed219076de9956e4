import { z } from "zod";
import { parameter, text } from "../../http/validation/query-fields.ts";

/** `true`, `1`, `false` or `0`. As in Medusa, `1` is accepted but counts as false. */
const returnFlag = parameter(
  {
    description: "Whether to list options for returns or for deliveries; both if left out.",
    example: true,
  },
  { type: "string", enum: ["true", "false", "1", "0"] },
  (value, refuse) => {
    if (typeof value === "string" && ["true", "false", "1", "0"].includes(value))
      return value === "true";
    refuse("$property must be a boolean string");
    return z.NEVER;
  },
);

/**
 * The query parameters of the list of shipping options, in the order in which Medusa reports their
 * errors.
 */
export const shippingOptionsQuery = z.strictObject({
  product_ids: text({
    description: "Only options of the shipping profiles of these products (comma-separated ids).",
    example: "prod_01HK153X0775XD5YYKA5Q1TKEG",
  }),
  region_id: text({
    description: "Only options of this region.",
    example: "reg_01HK153X0160NFFT87MR089QV7",
  }),
  is_return: returnFlag,
});

export type ShippingOptionsQuery = z.output<typeof shippingOptionsQuery>;
