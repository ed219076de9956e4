import { z } from "zod";
import { refusal } from "../../http/refusal.ts";
import { Reply } from "../../http/reply.ts";
import { type Route, route } from "../../http/route.ts";
import { claim, claimConfirmation } from "./order-claim-schemas.ts";
import type { OrderClaims } from "./order-claims.ts";

/** Claiming orders that were placed without an account. */
export const orderClaimRoutes = (claims: OrderClaims): Route[] => [
  route("POST /store/orders/batch/customer/token", {
    summary: "Claim orders",
    description: "Sends a token to the e-mail of each order, which agrees by confirming it.",
    caller: "customer",
    body: claim,
    attempts: { name: "claim", of: ({ call }) => call.customerId! },
    answers: { 200: z.string(), 400: refusal, 401: z.union([z.string(), refusal]), 404: refusal },
    work: async ({ body, call }) => {
      await claims.ask(call, body.order_ids);
      return new Reply(200, "OK");
    },
  }),
  route("POST /store/orders/customer/confirm", {
    summary: "Confirm a claim of orders",
    caller: "anyone",
    body: claimConfirmation,
    attempts: { name: "claim-confirmation" },
    answers: { 200: z.string(), 400: refusal, 401: refusal, 404: refusal },
    work: async ({ body }) => {
      await claims.confirm(body.token);
      return new Reply(200, "OK");
    },
  }),
];
