import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { giftCard } from "../../graph/entities/discount-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { findShownCardId } from "./gift-card-queries.ts";
import { giftCardShape } from "./gift-card-view.ts";

/** The endpoint that shows a gift card to anyone who knows its code. */
export const giftCardRoutes = (database: Knex): Route[] => [
  route("GET /store/gift-cards/:code", {
    summary: "Get Gift Card by Code",
    description:
      "Returns the value and balance of a gift card, in the smallest unit of its region's " +
      "currency. Codes are case sensitive.",
    access: "anyone",
    attempts: { name: "gift-card" },
    params: {
      code: {
        description: "The code of the gift card; case sensitive.",
        example: "TARN-PINE-WALK-0100",
      },
    },
    answers: { 200: singleAnswer("gift_card", giftCard), 400: refusal, 404: refusal },
    handler: async ({ params, ctx }) => {
      const id = await findShownCardId(database, params.code, ctx.now);
      const card = id && (await loadTree(database, giftCardShape, id));
      if (!card) throw new NotFoundError(`Gift card with code: ${params.code} was not found`);
      return { gift_card: card };
    },
  }),
];
