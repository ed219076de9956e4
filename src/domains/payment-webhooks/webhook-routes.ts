import { z } from "zod";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import type { PaymentWebhooks } from "./payment-webhooks.ts";

const received = z.strictObject({ received: z.literal(true) });

/** Where payment providers tell the shop what happened. */
export const webhookRoutes = (webhooks: PaymentWebhooks): Route[] => [
  route("POST /hooks/payment/:provider_id", {
    summary: "Tell the shop about a payment",
    description:
      "Called by a payment provider's server, never by a storefront. 200 says that calling again would change nothing, 409 and 503 that it may.",
    access: "server",
    params: {
      provider_id: { description: "The payment provider whose server calls.", example: "stripe" },
    },
    answers: {
      200: received,
      400: refusal,
      404: refusal,
      409: refusal,
      429: refusal,
      503: refusal,
    },
    handler: ({ params, raw, ctx }) => webhooks.receive(params.provider_id, raw!, ctx.now),
  }),
];
