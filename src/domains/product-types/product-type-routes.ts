import type { Knex } from "knex";
import { listAnswer } from "../../graph/answer-schema.ts";
import { productType } from "../../graph/entities/catalogue-entities.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { findProductTypeIds } from "./product-type-queries.ts";
import { productTypesQuery } from "./product-type-schemas.ts";
import { productTypeShape } from "./product-type-view.ts";

/** The types of products. */
export const productTypeRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/product-types", {
    summary: "List product types",
    access: "anyone",
    catalogue: true,
    query: productTypesQuery(maxRows),
    answers: { 200: listAnswer("product_types", productType), 400: refusal },
    handler: async ({ query }) => {
      const { offset = 0, limit = 20 } = query;
      const { ids, count } = await findProductTypeIds(database, query, {
        offset,
        limit: limit || maxRows,
      });
      return {
        product_types: await loadTrees(database, productTypeShape, ids),
        count,
        offset,
        limit,
      };
    },
  }),
];
