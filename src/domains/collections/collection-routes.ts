import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { productCollection } from "../../graph/entities/catalogue-entities.ts";
import { loadPage, loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { collectionsOnPage } from "./collection-queries.ts";
import { collectionsQuery } from "./collection-schemas.ts";

/** Collections are shown with all their columns and no relations. */
const shape = shapeOf(productCollection, {});

/** What decides the answers. */
const tables = ["product_collection"];

/** The endpoints that show product collections. */
export const collectionRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/collections", {
    summary: "List Collections",
    description: "Returns product collections, newest first.",
    access: "anyone",
    catalogue: tables,
    query: collectionsQuery(maxRows),
    answers: { 200: listAnswer("collections", productCollection), 400: refusal },
    handler: async ({ query }) => {
      const { offset = 0, limit = 10 } = query;
      const page = collectionsOnPage(query, { offset, limit: limit || maxRows });
      const { trees, count } = await loadPage(database, shape, page);
      return { collections: trees, count, offset, limit };
    },
  }),
  route("GET /store/collections/:id", {
    summary: "Get a Collection",
    description: "Returns a product collection.",
    access: "anyone",
    catalogue: tables,
    params: {
      id: { description: "The collection's id.", example: "pcol_01HK153X03RNBKEAEP22AZ9X78" },
    },
    answers: { 200: singleAnswer("collection", productCollection), 400: refusal, 404: refusal },
    handler: async ({ params }) => {
      const collection = await loadTree(database, shape, params.id);
      if (!collection)
        throw new NotFoundError(`Product collection with id: ${params.id} was not found`);
      return { collection };
    },
  }),
];
