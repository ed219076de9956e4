import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import type { Log } from "../runtime/log.ts";
import { describeMissingProvider, findMissingProviders } from "./find-missing-providers.ts";
import type { Providers } from "./providers.ts";

/**
 * Warns of each provider that regions or shipping options use and this server does not have.
 * @throws StartupError if `areRequired` and one is missing
 */
export async function reportMissingProviders(
  knex: Knex,
  providers: Providers,
  { areRequired, log }: { readonly areRequired: boolean; readonly log: Log },
): Promise<void> {
  const missing = await findMissingProviders(knex, providers);
  if (areRequired && missing.length > 0) {
    const lines = missing.map((one) => `  ${describeMissingProvider(one)}`);
    throw new StartupError(["PROVIDERS_REQUIRED is on, and:", ...lines].join("\n"));
  }
  for (const one of missing)
    log.warn({ event: "provider_missing", ...one }, describeMissingProvider(one));
}
