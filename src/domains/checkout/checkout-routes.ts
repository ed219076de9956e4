import { z } from "zod";
import { answerSchema } from "../../graph/answer-schema.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { order } from "../../graph/entities/order-entities.ts";
import { swap } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { TransientReply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId } from "../carts/cart-parameters.ts";
import { ignoredCartQuery } from "../carts/cart-schemas.ts";
import type { CheckoutService } from "./checkout-service.ts";
import type { Completion } from "./finish-completion.ts";

const placed = z.strictObject({ data: answerSchema(order), type: z.literal("order") });
const swapped = z.strictObject({ data: answerSchema(swap), type: z.literal("swap") });
const unpaid = z.strictObject({
  data: answerSchema(cart),
  payment_status: z.string(),
  type: z.literal("cart"),
});
const answers = {
  200: z.union([placed, swapped, unpaid]),
  400: refusal,
  404: refusal,
  409: refusal,
  422: refusal,
  503: refusal,
};

/** Routes that complete carts. */
export const checkoutRoutes = (checkout: CheckoutService): Route[] => [
  route("POST /store/carts/:id/complete", {
    summary: "Complete a Cart",
    description:
      "Authorizes the payment and places the order, or confirms the swap that the cart is for. " +
      "A repeated request, also after a lost response, returns the same order or swap. `type` is " +
      "`cart` while the payment needs more of the shopper; a request after that, under the same " +
      "Idempotency-Key or another, resumes the completion.",
    access: "anyone",
    params: { id: cartId },
    query: ignoredCartQuery,
    issuesIdempotencyKey: true,
    answers,
    handler: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
    showAgain: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
  }),
  route("POST /store/carts/:id/complete-cart", {
    summary: "Complete a Cart (Older Path)",
    description: "The same as `POST /store/carts/{id}/complete`, for clients that use this path.",
    access: "anyone",
    params: { id: cartId },
    query: ignoredCartQuery,
    issuesIdempotencyKey: true,
    answers,
    handler: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
    showAgain: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
  }),
];

const replyOf = (completion: Completion) =>
  completion.type === "cart" ? new TransientReply(200, completion) : completion;
