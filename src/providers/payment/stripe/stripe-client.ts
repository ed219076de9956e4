import type Stripe from "stripe";
import type { StripeSettings } from "../../../config/stripe-settings.ts";

/**
 * The version of Stripe's API that Medusa's plugin speaks: sessions keep the shape that storefronts
 * know.
 */
const API_VERSION = "2022-11-15";

/**
 * Returns a function that opens the client of Stripe's API once, at the first call: shops without
 * Stripe do not load its library. `seconds` is how long the shop waits for an answer. A lost
 * answer is asked for once more, under the same idempotency key.
 */
export function stripeClient(
  { apiKey, apiBase }: StripeSettings,
  seconds: number,
): () => Promise<Stripe> {
  const { protocol, hostname, port } = new URL(apiBase);
  let opened: Promise<Stripe> | undefined;
  const open = async () => {
    const { default: StripeClient } = await import("stripe");
    return new StripeClient(apiKey, {
      apiVersion: API_VERSION as Stripe.LatestApiVersion,
      protocol: protocol === "http:" ? "http" : "https",
      host: hostname,
      port: port || (protocol === "http:" ? 80 : 443),
      timeout: seconds * 1000,
      maxNetworkRetries: 1,
      telemetry: false,
    });
  };
  return () => {
    opened ??= open();
    return opened;
  };
}
