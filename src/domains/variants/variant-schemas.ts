import { z } from "zod";
import { expand, fields, limit, offset, text } from "../../http/validation/query-fields.ts";
import { numberFilter, textOrList } from "../../http/validation/query-unions.ts";
import { priceContext } from "../pricing/price-context-schemas.ts";
import { variantView } from "./variant-view.ts";

const selection = { expand: expand(variantView.relations), fields: fields(variantView.fields) };

/** The query parameters of the variant list, in the order in which Medusa reports their errors. */
export const variantsQuery = (maxRows: number) =>
  z.strictObject({
    limit: limit(maxRows, 100, "integer"),
    offset: offset("integer"),
    ids: text({
      description: "Only variants with these comma-separated ids; overrides `id`.",
      example: "variant_01HK153X0M0GXMZNF5XESXWRG2",
    }),
    sales_channel_id: text({
      description: "Only variants of this sales channel's products.",
      example: "sc_01HK153X005MFYMXQRKWCTD4YW",
    }),
    id: textOrList({
      description: "Only variants with these ids.",
      example: "variant_01HK153X0M0GXMZNF5XESXWRG2",
    }),
    title: textOrList({
      description: "Only variants with exactly one of these titles.",
      example: "Moss",
    }),
    inventory_quantity: numberFilter({
      description: "Only variants with this inventory quantity, or one in a range.",
      example: { gt: 0 },
    }),
    ...selection,
    ...priceContext,
  });

/** The query parameters of a single variant. */
export const variantQuery = z.strictObject({
  sales_channel_id: text({
    description: "The sales channel that the variant is requested for.",
    example: "sc_01HK153X005MFYMXQRKWCTD4YW",
  }),
  ...selection,
  ...priceContext,
});

export type VariantsQuery = z.output<ReturnType<typeof variantsQuery>>;
export type VariantQuery = z.output<typeof variantQuery>;
