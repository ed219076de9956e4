import { z } from "zod";
import { answerSchema } from "../../graph/answer-schema.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { order } from "../../graph/entities/order-entities.ts";
import { swap } from "../../graph/entities/return-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { TransientReply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId } from "../carts/cart-parameters.ts";
import { cartQuery } from "../carts/cart-schemas.ts";
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

/** Completing carts. */
export const checkoutRoutes = (checkout: CheckoutService): Route[] => [
  route("POST /store/carts/:id/complete", {
    summary: "Complete a cart",
    description:
      "Pays and places the order, or confirms the swap that the cart is for; asked again, even after a lost answer, it gives the one order or swap. `type` is `cart` while the payment needs more of the " +
      "shopper; asked again afterwards, under the same Idempotency-Key or another, it goes on.",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    issuesIdempotencyKey: true,
    answers,
    handler: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
  }),
  route("POST /store/carts/:id/complete-cart", {
    summary: "Complete a cart, by its older name",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    issuesIdempotencyKey: true,
    answers,
    handler: async ({ params, ctx }) => replyOf(await checkout.complete(ctx, params.id)),
  }),
];

const replyOf = (completion: Completion) =>
  completion.type === "cart" ? new TransientReply(200, completion) : completion;
