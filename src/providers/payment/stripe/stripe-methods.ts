import type Stripe from "stripe";
import type { StripeSettings } from "../../../config/stripe-settings.ts";

/** What a provider of Stripe's asks of the intents that it creates. */
interface StripeMethod {
  /** The provider's id, as Medusa's plugin names it. */
  readonly id: string;
  /** Stripe's name of the payment method. Undefined: cards, or what the dashboard enables. */
  readonly type?: string;
}

/** Which payment methods an intent takes, in the words of the plugin's version of Stripe's API. */
interface MethodParameters {
  readonly capture_method: "manual" | "automatic";
  readonly payment_method_types?: string[];
  readonly automatic_payment_methods?: { enabled: boolean };
}

/** The providers that Medusa's plugin has, by payment method. */
export const stripeMethods: readonly StripeMethod[] = [
  { id: "stripe" },
  { id: "stripe-ideal", type: "ideal" },
  { id: "stripe-bancontact", type: "bancontact" },
  { id: "stripe-blik", type: "blik" },
  { id: "stripe-giropay", type: "giropay" },
  { id: "stripe-przelewy24", type: "p24" },
];

/**
 * Returns which payment methods an intent takes, and when it captures. Methods other than cards
 * cannot be held: they always capture at once.
 */
export function methodParameters(
  { type }: StripeMethod,
  { capture, automaticPaymentMethods }: StripeSettings,
): MethodParameters {
  if (type !== undefined) return { capture_method: "automatic", payment_method_types: [type] };
  const offered = automaticPaymentMethods
    ? { automatic_payment_methods: { enabled: true } }
    : { payment_method_types: ["card"] };
  return { capture_method: capture, ...offered };
}

/** Returns the id of the provider that created an intent. */
export function providerIdOf({ payment_method_types: types }: Stripe.PaymentIntent): string {
  const [only] = types.length === 1 ? types : [];
  return stripeMethods.find(({ type }) => type !== undefined && type === only)?.id ?? "stripe";
}
