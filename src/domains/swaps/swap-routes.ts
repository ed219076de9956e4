import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { swap } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId } from "../carts/cart-parameters.ts";
import { newSwap } from "./swap-schemas.ts";
import type { SwapService } from "./swap-service.ts";

const swapAnswer = singleAnswer("swap", swap);

/** The endpoints of swaps. */
export const swapRoutes = (swaps: SwapService): Route[] => [
  route("POST /store/swaps", {
    summary: "Create a Swap",
    description:
      "Creates the swap and its cart (`cart_id`), in which returned items have negative prices. " +
      "Completing the cart settles the difference. The order's id is enough, unless the shop " +
      "requires its customer's login.",
    access: "anyone",
    body: newSwap,
    issuesIdempotencyKey: true,
    storesIssuedKeys: true,
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
    showAgain: (_, ids) => swaps.showAgain(ids["swap"]?.id ?? ""),
  }),
  route("GET /store/swaps/:cart_id", {
    summary: "Get by Cart ID",
    description: "Returns the swap of a cart. The cart's id is enough.",
    access: "anyone",
    params: { cart_id: cartId },
    answers: { 200: swapAnswer, 404: refusal },
    handler: ({ params }) => swaps.retrieveByCart(params.cart_id),
  }),
];
