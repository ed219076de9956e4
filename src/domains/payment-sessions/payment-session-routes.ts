import { z } from "zod";
import { answerSchema, singleAnswer } from "../../graph/answer-schema.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId, paymentProviderId } from "../carts/cart-parameters.ts";
import { cartQuery } from "../carts/cart-schemas.ts";
import { sessionChange, sessionChoice } from "./payment-session-schemas.ts";
import type { PaymentSessionService } from "./payment-session-service.ts";

const answers = {
  200: singleAnswer("cart", cart),
  400: refusal,
  404: refusal,
  409: refusal,
  503: refusal,
};
const twice = z.strictObject({ cart: answerSchema(cart), data: answerSchema(cart) });

/** Payment sessions: by which provider a cart is going to be paid. */
export const paymentSessionRoutes = (sessions: PaymentSessionService): Route[] => [
  route("POST /store/carts/:id/payment-sessions", {
    summary: "Create payment sessions",
    description:
      "One for each payment provider of the cart's region, for what is due. A single one is chosen at once.",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    issuesIdempotencyKey: true,
    answers: { ...answers, 200: twice },
    handler: ({ params, ctx }) => sessions.create(ctx, params.id),
  }),
  route("POST /store/carts/:id/payment-session", {
    summary: "Choose a payment session",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    idempotent: true,
    body: sessionChoice,
    answers,
    handler: ({ params, body, ctx }) => sessions.select(ctx, params.id, body.provider_id),
  }),
  route("POST /store/carts/:id/payment-sessions/:provider_id", {
    summary: "Tell a payment provider something",
    description: "Chooses the session, and gives its provider what the storefront knows.",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: cartQuery,
    idempotent: true,
    body: sessionChange,
    answers,
    handler: ({ params, body, ctx }) =>
      sessions.postData(ctx, params.id, params.provider_id, body.data),
  }),
  route("DELETE /store/carts/:id/payment-sessions/:provider_id", {
    summary: "Remove a payment session",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: cartQuery,
    idempotent: true,
    answers,
    handler: ({ params, ctx }) => sessions.remove(ctx, params.id, params.provider_id),
  }),
  route("POST /store/carts/:id/payment-sessions/:provider_id/refresh", {
    summary: "Begin a payment session anew",
    description:
      "After it failed, or when the provider has to be given other facts. It is to be chosen again afterwards.",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: cartQuery,
    idempotent: true,
    answers,
    handler: ({ params, ctx }) => sessions.refresh(ctx, params.id, params.provider_id),
  }),
];
