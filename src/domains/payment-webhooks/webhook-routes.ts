import { z } from "zod";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import type { PaymentWebhooks } from "./payment-webhooks.ts";

const received = z.strictObject({ received: z.literal(true) });

const answers = {
  200: received,
  400: refusal,
  404: refusal,
  409: refusal,
  429: refusal,
  503: refusal,
};

/** The routes that payment providers call. */
export const webhookRoutes = (webhooks: PaymentWebhooks): Route[] => [
  route("POST /hooks/payment/:provider_id", {
    summary: "Receive a Payment Webhook",
    description:
      "Called by a payment provider's server, never by a storefront. After 200 a repeated call " +
      "changes nothing; after 409 or 503 it may succeed.",
    access: "server",
    params: {
      provider_id: {
        description: "The id of the payment provider whose server calls.",
        example: "stripe",
      },
    },
    answers,
    handler: ({ params, raw, ctx }) => webhooks.receive(params.provider_id, raw!, ctx.now),
  }),
  route("POST /stripe/hooks", {
    summary: "Receive a Stripe Webhook",
    description:
      "The address that Medusa's Stripe plugin has. It is the same as /hooks/payment/stripe.",
    access: "server",
    answers,
    handler: ({ raw, ctx }) => webhooks.receive("stripe", raw!, ctx.now),
  }),
];
