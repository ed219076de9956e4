import { z } from "zod";
import { refusal } from "../../http/openapi/refusal.ts";
import { Reply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { claimConfirmation, orderClaim } from "./order-claim-schemas.ts";
import type { OrderClaimService } from "./order-claim-service.ts";

/** The endpoints by which a customer claims orders that were placed as a guest. */
export const orderClaimRoutes = (claims: OrderClaimService): Route[] => [
  route("POST /store/orders/batch/customer/token", {
    summary: "Claim Order",
    description:
      "Asks for orders that were placed as a guest to be assigned to the logged-in customer. " +
      "A token is sent to the e-mail of each order; confirming it completes the claim.",
    access: "customer",
    body: orderClaim,
    attempts: { name: "claim", of: ({ ctx }) => ctx.customerId!, countsAll: true },
    answers: { 200: z.string(), 400: refusal, 401: z.union([z.string(), refusal]), 404: refusal },
    handler: async ({ body, ctx }) => {
      await claims.request(ctx, body.order_ids);
      return new Reply(200, "OK");
    },
  }),
  route("POST /store/orders/customer/confirm", {
    summary: "Verify Order Claim",
    description:
      "Assigns the orders named by a claim token to the customer who claimed them. " +
      "The token is sent by e-mail and expires after 15 minutes.",
    access: "anyone",
    body: claimConfirmation,
    attempts: { name: "claim-confirmation" },
    answers: { 200: z.string(), 400: refusal, 401: refusal, 404: refusal },
    handler: async ({ body }) => {
      await claims.confirm(body.token);
      return new Reply(200, "OK");
    },
  }),
];
