import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { orderEdit } from "../../graph/entities/order-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { decline, orderEditQuery } from "./order-edit-schemas.ts";
import type { OrderEditService } from "./order-edit-service.ts";

const editId = { description: "The order edit's id.", example: "oe_01HK153X00M5NBZQ42ACMJAGMJ" };
const answer = singleAnswer("order_edit", orderEdit);

/** The endpoints by which a customer views, confirms or declines an edit of a placed order. */
export const orderEditRoutes = (edits: OrderEditService): Route[] => [
  route("GET /store/order-edits/:id", {
    summary: "Retrieve an Order Edit",
    description:
      "Returns an order edit with the totals that the order would have after it. " +
      "`difference_due` is the difference to the order's present total, " +
      "in the currency's smallest unit.",
    access: "anyone",
    params: { id: editId },
    query: orderEditQuery,
    answers: { 200: answer, 400: refusal, 404: refusal },
    handler: ({ params, query, ctx }) => edits.retrieve(ctx, params.id, query),
  }),
  route("POST /store/order-edits/:id/complete", {
    summary: "Complete an Order Edit",
    description:
      "Confirms an order edit and applies its changes to the order. " +
      "If the edit has a payment collection, it must be authorized first.",
    access: "anyone",
    params: { id: editId },
    idempotent: true,
    answers: { 200: answer, 400: refusal, 401: z.string(), 404: refusal },
    handler: ({ params, ctx }) => edits.complete(ctx, params.id),
    showAgain: ({ params, ctx }) => edits.retrieve(ctx, params.id, {}),
  }),
  route("POST /store/order-edits/:id/decline", {
    summary: "Decline an Order Edit",
    description: "Declines an order edit. The order stays as it is.",
    access: "anyone",
    params: { id: editId },
    idempotent: true,
    body: decline,
    answers: { 200: answer, 400: refusal, 401: z.string(), 404: refusal },
    handler: ({ params, body, ctx }) => edits.decline(ctx, params.id, body.declined_reason),
    showAgain: ({ params, ctx }) => edits.retrieve(ctx, params.id, {}),
  }),
];
