import type { Knex } from "knex";
import { listAnswer } from "../../graph/answer-schema.ts";
import { productTag } from "../../graph/entities/catalogue-entities.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { findProductTagIds } from "./product-tag-queries.ts";
import { productTagsQuery } from "./product-tag-schemas.ts";
import { productTagShape } from "./product-tag-view.ts";

/** The tags of products. */
export const productTagRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/product-tags", {
    summary: "List product tags",
    access: "anyone",
    catalogue: true,
    query: productTagsQuery(maxRows),
    answers: { 200: listAnswer("product_tags", productTag), 400: refusal },
    handler: async ({ query }) => {
      const { offset = 0, limit = 20 } = query;
      const { ids, count } = await findProductTagIds(database, query, {
        offset,
        limit: limit || maxRows,
      });
      return {
        product_tags: await loadTrees(database, productTagShape, ids),
        count,
        offset,
        limit,
      };
    },
  }),
];
