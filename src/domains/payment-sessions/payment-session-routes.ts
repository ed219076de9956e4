import { z } from "zod";
import { answerSchema, singleAnswer } from "../../graph/answer-schema.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId, paymentProviderId } from "../carts/cart-parameters.ts";
import { ignoredCartQuery } from "../carts/cart-schemas.ts";
import { sessionChange, sessionChoice } from "./payment-session-schemas.ts";
import type { PaymentSessionService } from "./payment-session-service.ts";

const answers = {
  200: singleAnswer("cart", cart),
  400: refusal,
  404: refusal,
  409: refusal,
  503: refusal,
};
const cartAndData = z.strictObject({ cart: answerSchema(cart), data: answerSchema(cart) });

/** The endpoints of payment sessions, which decide by which provider a cart is paid. */
export const paymentSessionRoutes = (sessions: PaymentSessionService): Route[] => [
  route("POST /store/carts/:id/payment-sessions", {
    summary: "Create Payment Sessions",
    description:
      "Creates a session for each payment provider of the cart's region, for the amount due. " +
      "A single one is selected at once.",
    access: "anyone",
    params: { id: cartId },
    query: ignoredCartQuery,
    issuesIdempotencyKey: true,
    answers: { ...answers, 200: cartAndData },
    handler: ({ params, ctx }) => sessions.create(ctx, params.id),
    showAgain: ({ params, ctx }) => sessions.create(ctx, params.id),
  }),
  route("POST /store/carts/:id/payment-session", {
    summary: "Select a Payment Session",
    description:
      "The selected session pays for the cart. Its payment is initiated, or updated to the " +
      "amount due.",
    access: "anyone",
    params: { id: cartId },
    query: ignoredCartQuery,
    idempotent: true,
    body: sessionChoice,
    answers,
    handler: ({ params, body, ctx }) => sessions.select(ctx, params.id, body.provider_id),
    showAgain: ({ params, ctx }) => sessions.showAgain(ctx, params.id),
  }),
  route("POST /store/carts/:id/payment-sessions/:provider_id", {
    summary: "Update a Payment Session",
    description: "Selects the session and sends data of the storefront to its provider.",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: ignoredCartQuery,
    idempotent: true,
    body: sessionChange,
    answers,
    handler: ({ params, body, ctx }) =>
      sessions.postData(ctx, params.id, params.provider_id, body.data),
    showAgain: ({ params, ctx }) => sessions.showAgain(ctx, params.id),
  }),
  route("DELETE /store/carts/:id/payment-sessions/:provider_id", {
    summary: "Delete a Payment Session",
    description: "A missing session is not an error.",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: ignoredCartQuery,
    idempotent: true,
    answers,
    handler: ({ params, ctx }) => sessions.remove(ctx, params.id, params.provider_id),
    showAgain: ({ params, ctx }) => sessions.showAgain(ctx, params.id),
  }),
  route("POST /store/carts/:id/payment-sessions/:provider_id/refresh", {
    summary: "Refresh a Payment Session",
    description:
      "Initiates the payment again, after it failed or if the provider needs other data. " +
      "The session must be selected again afterwards.",
    access: "anyone",
    params: { id: cartId, provider_id: paymentProviderId },
    query: ignoredCartQuery,
    idempotent: true,
    answers,
    handler: ({ params, ctx }) => sessions.refresh(ctx, params.id, params.provider_id),
    showAgain: ({ params, ctx }) => sessions.showAgain(ctx, params.id),
  }),
];
