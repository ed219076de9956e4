import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { swap } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId } from "../carts/cart-parameters.ts";
import { newSwap } from "./swap-schemas.ts";
import type { SwapService } from "./swap-service.ts";

const swapAnswer = singleAnswer("swap", swap);

/** Exchanges. */
export const swapRoutes = (swaps: SwapService): Route[] => [
  route("POST /store/swaps", {
    summary: "Ask to swap something",
    description:
      "Makes a cart (`cart_id`) in which what comes back has a negative price; completing it settles the difference. Whoever knows the order's id may, unless the shop asks for its customer's login.",
    access: "anyone",
    body: newSwap,
    issuesIdempotencyKey: true,
    answers: {
      200: swapAnswer,
      400: refusal,
      401: z.string(),
      404: refusal,
      409: refusal,
      422: refusal,
      503: refusal,
    },
    handler: ({ body, ctx }) => swaps.create(ctx, body),
  }),
  route("GET /store/swaps/:cart_id", {
    summary: "Get the swap of a cart",
    description: "Open to whoever knows the cart's id.",
    access: "anyone",
    params: { cart_id: cartId },
    answers: { 200: swapAnswer, 404: refusal },
    handler: ({ params }) => swaps.retrieveByCart(params.cart_id),
  }),
];
