import { z } from "zod";
import { address, flag } from "./readers.ts";

/** The settings of payments by Stripe. */
export const stripeSettings = {
  STRIPE_API_KEY: z
    .string()
    .regex(
      /^(sk|rk)_/,
      "is not a secret key of Stripe's: it begins with sk_ (or rk_, a restricted key)",
    )
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .startsWith("whsec_", "is not a signing secret of Stripe's: it begins with whsec_")
    .optional(),
  STRIPE_CAPTURE: z.enum(["manual", "automatic"], "must be manual or automatic").prefault("manual"),
  STRIPE_AUTOMATIC_PAYMENT_METHODS: flag.prefault("off"),
  STRIPE_DESCRIPTION: z.string().max(1000).optional(),
  STRIPE_API_BASE: address("http", "https").prefault("https://api.stripe.com"),
};

type Given = z.output<z.ZodObject<typeof stripeSettings>>;

/** How the shop uses its account at Stripe. */
export type StripeSettings = NonNullable<ReturnType<typeof arrangeStripe>>;

/** Returns how the shop uses Stripe; undefined without a key, and then it does not. */
export function arrangeStripe(given: Given) {
  if (given.STRIPE_API_KEY === undefined) return;
  return {
    apiKey: given.STRIPE_API_KEY,
    /** Signs Stripe's calls to the shop. Without it they are refused. */
    webhookSecret: given.STRIPE_WEBHOOK_SECRET,
    /** `automatic` captures at once what a shopper pays; `manual` leaves that to the shop. */
    capture: given.STRIPE_CAPTURE,
    /** Whether `stripe` offers what the account's dashboard enables, instead of cards alone. */
    automaticPaymentMethods: given.STRIPE_AUTOMATIC_PAYMENT_METHODS,
    /** Shown in Stripe's dashboard and in its mails. */
    description: given.STRIPE_DESCRIPTION,
    /** The address of Stripe's API, or of a server that speaks it. */
    apiBase: given.STRIPE_API_BASE,
  };
}

/** Returns a sentence if payments would be lost with a shopper's browser. */
export function stripeWarnings(given: Given): string[] {
  return given.STRIPE_API_KEY !== undefined && given.STRIPE_WEBHOOK_SECRET === undefined
    ? [
        "STRIPE_WEBHOOK_SECRET is not set: a shopper who pays and closes the browser gets no " +
          "order. Add an endpoint for /stripe/hooks in Stripe's dashboard and set its secret",
      ]
    : [];
}
