import type { Knex } from "knex";
import { z } from "zod";
import { NotFoundError } from "../../core/errors.ts";
import { answerSchema } from "../../graph/answer-schema.ts";
import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { findShippingOptionIds } from "./shipping-option-queries.ts";
import { shippingOptionsQuery } from "./shipping-option-schemas.ts";
import { shippingOptionShape, withPrice } from "./shipping-option-view.ts";

/** What decides the answers. */
const tables = [
  ...["shipping_option", "shipping_option_requirement", "shipping_tax_rate", "tax_rate", "region"],
  ...["product", "product_shipping_profile"],
];

/** The endpoint that lists the shipping options of the shop. */
export const shippingOptionRoutes = (database: Knex): Route[] => [
  route("GET /store/shipping-options", {
    summary: "Get Shipping Options",
    description:
      "Returns shipping options with their taxes and requirements. " +
      "Options for the admin only are left out.",
    access: "anyone",
    catalogue: tables,
    query: shippingOptionsQuery,
    answers: {
      200: z.strictObject({ shipping_options: z.array(answerSchema(shippingOption)) }),
      400: refusal,
      404: refusal,
    },
    handler: async ({ query }) => {
      const ids = await findShippingOptionIds(database, query);
      const options = await loadTrees(database, shippingOptionShape, ids);
      const offered = options.filter(({ region }) => region !== null);
      if (query.region_id && offered.length < options.length)
        throw new NotFoundError(`Region with ${query.region_id} was not found`);
      return { shipping_options: offered.map(withPrice) };
    },
  }),
];
