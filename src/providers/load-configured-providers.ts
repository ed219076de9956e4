import type { Config } from "../config/config.ts";
import type { Log } from "../runtime/log.ts";
import { loadProviders } from "./load-providers.ts";
import { loadMedusaPlugins } from "./medusa-plugins/load-medusa-plugins.ts";
import { stripeProviders } from "./payment/stripe/stripe-providers.ts";
import { logProviderCalls } from "./provider-calls.ts";
import type { Providers } from "./providers.ts";

/**
 * Loads the providers of the modules and of the plugins of Medusa that the settings name, and
 * Stripe's if it has a key.
 * @throws StartupError if a module or a plugin cannot be loaded, or does not fit the interface
 */
export async function loadConfiguredProviders(
  { providers, stripe }: Config,
  log: Log,
): Promise<Providers> {
  const { modules, seconds, medusa } = providers;
  const { payment = [], fulfillment = [] } = medusa ? loadMedusaPlugins(medusa, log) : {};
  const ofStripe = stripe ? stripeProviders(stripe, seconds) : [];
  return loadProviders(modules, {
    seconds,
    observe: logProviderCalls(log),
    more: { payment: [...ofStripe, ...payment], fulfillment },
  });
}
