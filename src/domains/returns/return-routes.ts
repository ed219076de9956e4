import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { newReturn } from "./return-schemas.ts";
import type { ReturnService } from "./return-service.ts";

/** The endpoint by which customers and guests request returns. */
export const returnRoutes = (returns: ReturnService): Route[] => [
  route("POST /store/returns", {
    summary: "Create Return",
    description:
      "Requests a return of items of an order. The order's id is enough, unless the shop " +
      "requires its customer's login. `refund_amount` is what the shop will refund, less return " +
      "shipping.",
    access: "anyone",
    body: newReturn,
    issuesIdempotencyKey: true,
    storesIssuedKeys: true,
    answers: {
      200: singleAnswer("return", returnOrder),
      400: refusal,
      401: z.string(),
      404: refusal,
      409: refusal,
      422: refusal,
      503: refusal,
    },
    handler: ({ body, ctx }) => returns.request(ctx, body),
    showAgain: (_, ids) => returns.showAgain(ids["return"]?.id ?? ""),
  }),
];
