import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { region } from "../../graph/entities/region-entities.ts";
import { loadPage, loadTree } from "../../graph/load-tree.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { select } from "../../graph/view.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { regionsOnPage } from "./region-queries.ts";
import { regionsQuery } from "./region-schemas.ts";
import { regionView } from "./region-view.ts";

/** What decides the answers. */
const tables = [
  ...["region", "country", "currency", "payment_provider", "region_payment_providers"],
  ...["fulfillment_provider", "region_fulfillment_providers"],
];

/** The endpoints that show the regions a shop sells in: their currency, countries and providers. */
export const regionRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/regions", {
    summary: "List Regions",
    description:
      "Returns the regions of the shop with their countries, currency and providers, newest first.",
    access: "anyone",
    catalogue: tables,
    query: regionsQuery(maxRows),
    answers: { 200: listAnswer("regions", region), 400: refusal },
    handler: async ({ query }) => {
      const selection = select(regionView, query, ["created_at", "id"]);
      const { offset = 0, limit = 100 } = query;
      const page = regionsOnPage(query, { offset, limit: limit || maxRows });
      const { trees, count } = await loadPage(database, shapeFor(selection), page);
      return { regions: trees, count, offset, limit };
    },
  }),
  route("GET /store/regions/:id", {
    summary: "Get a Region",
    description: "Returns a region with its countries, currency and providers.",
    access: "anyone",
    catalogue: tables,
    params: { id: { description: "The region's id.", example: "reg_01HK153X0160NFFT87MR089QV7" } },
    query: regionsQuery(maxRows),
    answers: { 200: singleAnswer("region", region), 400: refusal, 404: refusal },
    handler: async ({ params, query }) => {
      const found = await loadTree(
        database,
        shapeFor(select(regionView, query, ["id"])),
        params.id,
      );
      if (!found) throw new NotFoundError(`Region with ${params.id} was not found`);
      return { region: found };
    },
  }),
];
