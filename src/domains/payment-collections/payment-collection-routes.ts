import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { paymentCollection, paymentSession } from "../../graph/entities/payment-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import {
  paymentCollectionQuery,
  sessionIds,
  sessionWish,
  sessionWishes,
} from "./payment-collection-schemas.ts";
import type { PaymentCollectionService } from "./payment-collection-service.ts";

const collectionId = {
  description: "The payment collection's id.",
  example: "paycol_01HK153X009XN7MYQ1YC92BE30",
};
const sessionId = {
  description: "The id of one of its payment sessions.",
  example: "ps_01HK153X009DZ0B88VWFVPAV6A",
};
const collection = singleAnswer("payment_collection", paymentCollection);
const session = singleAnswer("payment_session", paymentSession);
const refusals = { 400: refusal, 401: z.string(), 404: refusal, 409: refusal, 503: refusal };

/** Routes of payment collections: the additional amount of an order edit, and its sessions. */
export const paymentCollectionRoutes = (collections: PaymentCollectionService): Route[] => [
  route("GET /store/payment-collections/:id", {
    summary: "Get a PaymentCollection",
    description: "Returns what an order edit costs more, and the payment sessions for it.",
    access: "anyone",
    params: { id: collectionId },
    query: paymentCollectionQuery,
    answers: { 200: collection, 400: refusal, 404: refusal },
    handler: ({ params, query, ctx }) => collections.retrieve(ctx, params.id, query),
  }),
  route("POST /store/payment-collections/:id/sessions", {
    summary: "Create a Payment Session",
    description: "Sets one session of the provider for the whole amount. Deletes the others.",
    access: "anyone",
    params: { id: collectionId },
    idempotent: true,
    body: sessionWish,
    answers: { 200: collection, ...refusals },
    handler: ({ params, body, ctx }) => collections.setSession(ctx, params.id, body.provider_id),
    showAgain: ({ params, ctx }) => collections.retrieve(ctx, params.id, {}),
  }),
  route("POST /store/payment-collections/:id/sessions/batch", {
    summary: "Manage Payment Sessions",
    description:
      "Sets sessions that each pay a part, and together the amount. Deletes the other sessions.",
    access: "anyone",
    params: { id: collectionId },
    idempotent: true,
    body: sessionWishes,
    answers: { 200: collection, ...refusals },
    handler: ({ params, body, ctx }) => collections.setSessions(ctx, params.id, body.sessions),
    showAgain: ({ params, ctx }) => collections.retrieve(ctx, params.id, {}),
  }),
  route("POST /store/payment-collections/:id/sessions/batch/authorize", {
    summary: "Authorize Payment Sessions",
    description: "The collection's `status` says whether the whole amount is authorized.",
    access: "anyone",
    params: { id: collectionId },
    idempotent: true,
    body: sessionIds,
    answers: { 200: collection, ...refusals },
    handler: ({ params, body, ctx }) =>
      collections.authorizeSessions(ctx, params.id, body.session_ids),
    showAgain: ({ params, ctx }) => collections.retrieve(ctx, params.id, {}),
  }),
  route("POST /store/payment-collections/:id/sessions/:session_id", {
    summary: "Refresh a Payment Session",
    description:
      "Replaces the session by a new one with another id. The other sessions stay. An authorized " +
      "session cannot be refreshed.",
    access: "anyone",
    params: { id: collectionId, session_id: sessionId },
    idempotent: true,
    answers: { 200: session, ...refusals },
    handler: ({ params, ctx }) => collections.refresh(ctx, params.id, params.session_id),
  }),
  route("POST /store/payment-collections/:id/sessions/:session_id/authorize", {
    summary: "Authorize Payment Session",
    description: "Authorizes one session with its payment provider, and returns the session.",
    access: "anyone",
    params: { id: collectionId, session_id: sessionId },
    idempotent: true,
    answers: { 200: session, ...refusals, 422: refusal },
    handler: ({ params, ctx }) => collections.authorizeSession(ctx, params.id, params.session_id),
  }),
];
