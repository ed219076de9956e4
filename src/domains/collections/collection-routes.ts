import type { Knex } from "knex";
import { NotFound } from "../../errors.ts";
import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { productCollection } from "../../graph/entities/catalogue-entities.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import { refusal } from "../../http/refusal.ts";
import { type Route, route } from "../../http/route.ts";
import { findCollectionIds } from "./collection-queries.ts";
import { collectionsQuery } from "./collection-schemas.ts";

/** Collections are shown with all their columns and nothing else. */
const shape = shapeOf(productCollection, {});

/** The collections that products are gathered in. */
export const collectionRoutes = (database: Knex, mostRows: number): Route[] => [
  route("GET /store/collections", {
    summary: "List collections",
    caller: "anyone",
    catalogue: true,
    query: collectionsQuery(mostRows),
    answers: { 200: listAnswer("collections", productCollection), 400: refusal },
    work: async ({ query }) => {
      const { offset = 0, limit = 10 } = query;
      const { ids, count } = await findCollectionIds(database, query, { offset, limit: limit || mostRows });
      return { collections: await loadTrees(database, shape, ids), count, offset, limit };
    },
  }),
  route("GET /store/collections/:id", {
    summary: "Get a collection",
    caller: "anyone",
    catalogue: true,
    params: { id: { description: "The collection's id.", example: "pcol_01HZX3W8V0C6C4Y0GBKPF2XH7C" } },
    answers: { 200: singleAnswer("collection", productCollection), 400: refusal, 404: refusal },
    work: async ({ params }) => {
      const collection = await loadTree(database, shape, params.id);
      if (!collection) throw new NotFound(`Product collection with id: ${params.id} was not found`);
      return { collection };
    },
  }),
];
