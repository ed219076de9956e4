import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { newReturn } from "./return-schemas.ts";
import type { ReturnService } from "./return-service.ts";

/** Sending things back. */
export const returnRoutes = (returns: ReturnService): Route[] => [
  route("POST /store/returns", {
    summary: "Ask to return something",
    description:
      "Whoever knows the order's id may, unless the shop asks for its customer's login. `refund_amount` is what the shop is going to give back, less the way back.",
    access: "anyone",
    body: newReturn,
    issuesIdempotencyKey: true,
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
  }),
];
