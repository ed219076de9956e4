import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { orderEdit } from "../../graph/entities/order-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { decline, orderEditQuery } from "./order-edit-schemas.ts";
import type { OrderEditService } from "./order-edit-service.ts";

const editId = { description: "The order edit's id.", example: "oe_01HZX6C2D3E4F5G6H7J8K9M0N1" };
const answer = singleAnswer("order_edit", orderEdit);

/** Edits of placed orders, which their customer confirms or declines. */
export const orderEditRoutes = (edits: OrderEditService): Route[] => [
  route("GET /store/order-edits/:id", {
    summary: "Get an order edit",
    description:
      "With the totals of the order as the edit would leave it; `difference_due` is what it then costs more.",
    access: "anyone",
    params: { id: editId },
    query: orderEditQuery,
    answers: { 200: answer, 400: refusal, 404: refusal },
    handler: ({ params, query }) => edits.retrieve(params.id, query),
  }),
  route("POST /store/order-edits/:id/complete", {
    summary: "Complete an order edit",
    description:
      "Its customer agrees, and the order becomes what the edit says. Where there is a payment collection, it has to be authorized first.",
    access: "anyone",
    params: { id: editId },
    idempotent: true,
    answers: { 200: answer, 400: refusal, 401: z.string(), 404: refusal },
    handler: ({ params, ctx }) => edits.complete(ctx, params.id),
  }),
  route("POST /store/order-edits/:id/decline", {
    summary: "Decline an order edit",
    access: "anyone",
    params: { id: editId },
    idempotent: true,
    body: decline,
    answers: { 200: answer, 400: refusal, 401: z.string(), 404: refusal },
    handler: ({ params, body, ctx }) => edits.decline(ctx, params.id, body.declined_reason),
  }),
];
