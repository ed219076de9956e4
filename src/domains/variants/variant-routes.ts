import { z } from "zod";
import { answerSchema, singleAnswer } from "../../graph/answer-schema.ts";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { variantQuery, variantsQuery } from "./variant-schemas.ts";
import type { VariantService } from "./variant-service.ts";

/** The endpoints that show the variants in which products are sold. */
export const variantRoutes = (variants: VariantService, maxRows: number): Route[] => [
  route("GET /store/variants", {
    summary: "Get Product Variants",
    description:
      "Returns variants of published products of the sales channels in scope, " +
      "newest first, with their prices.",
    access: "anyone",
    catalogue: true,
    publishableKey: true,
    query: variantsQuery(maxRows),
    answers: {
      200: z.strictObject({ variants: z.array(answerSchema(productVariant)) }),
      400: refusal,
      404: refusal,
    },
    handler: ({ query, ctx }) => variants.list(ctx, query),
  }),
  route("GET /store/variants/:id", {
    summary: "Get a Product Variant",
    description: "Returns a variant of a published product, with its prices.",
    access: "anyone",
    catalogue: true,
    publishableKey: true,
    params: {
      id: { description: "The variant's id.", example: "variant_01HK153X0M0GXMZNF5XESXWRG2" },
    },
    query: variantQuery,
    answers: { 200: singleAnswer("variant", productVariant), 400: refusal, 404: refusal },
    handler: ({ params, query, ctx }) => variants.retrieve(ctx, params.id, query),
  }),
];
