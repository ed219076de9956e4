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

/** How goods can be sent, region by region. */
export const shippingOptionRoutes = (database: Knex): Route[] => [
  route("GET /store/shipping-options", {
    summary: "List shipping options",
    description: "With taxes and requirements; options for the back office alone are left out.",
    access: "anyone",
    catalogue: true,
    query: shippingOptionsQuery,
    answers: {
      200: z.strictObject({ shipping_options: z.array(answerSchema(shippingOption)) }),
      400: refusal,
      404: refusal,
    },
    handler: async ({ query }) => {
      const ids = await findShippingOptionIds(database, query);
      const options = await loadTrees(database, shippingOptionShape, ids);
      const sold = options.filter(({ region }) => region !== null);
      if (query.region_id && sold.length < options.length)
        throw new NotFoundError(`Region with ${query.region_id} was not found`);
      return { shipping_options: sold.map(withPrice) };
    },
  }),
];
