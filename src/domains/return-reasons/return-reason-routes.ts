import type { Knex } from "knex";
import { z } from "zod";
import { NotFoundError } from "../../core/errors.ts";
import { answerSchema, singleAnswer } from "../../graph/answer-schema.ts";
import { returnReason } from "../../graph/entities/return-entities.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { findTopReasonIds } from "./return-reason-queries.ts";
import { returnReasonShape } from "./return-reason-view.ts";

/** What decides the answers. */
const tables = ["return_reason"];

/** The endpoints that show the reasons for which goods may be returned. */
export const returnReasonRoutes = (database: Knex): Route[] => [
  route("GET /store/return-reasons", {
    summary: "List Return Reasons",
    description: "Returns the top-level return reasons, each with its children.",
    access: "anyone",
    catalogue: tables,
    answers: { 200: z.strictObject({ return_reasons: z.array(answerSchema(returnReason)) }) },
    handler: async () => ({
      return_reasons: await loadTrees(
        database,
        returnReasonShape,
        await findTopReasonIds(database),
      ),
    }),
  }),
  route("GET /store/return-reasons/:id", {
    summary: "Get a Return Reason",
    description: "Returns a return reason with its parent and its children.",
    access: "anyone",
    catalogue: tables,
    params: { id: { description: "The reason's id.", example: "rr_01HK153X061E4N4WJ476H7M2M7" } },
    answers: { 200: singleAnswer("return_reason", returnReason), 400: refusal, 404: refusal },
    handler: async ({ params }) => {
      const reason = await loadTree(database, returnReasonShape, params.id);
      if (!reason) throw new NotFoundError(`Return Reason with id: ${params.id} was not found.`);
      return { return_reason: reason };
    },
  }),
];
