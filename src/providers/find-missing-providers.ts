import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";
import type { Providers } from "./providers.ts";
import { ratesProvider } from "./tax/rates-provider.ts";

/** A provider that the shop's rows name, and that this server does not have. */
export interface MissingProvider {
  readonly kind: "payment" | "fulfillment" | "tax";
  readonly provider: string;
  /** Names of the regions or shipping options that use it, the first few. */
  readonly used_by: string[];
  /** How many use it. */
  readonly uses: number;
}

/** How many names are listed. */
const MAX_NAMES = 5;

/**
 * Finds the providers of regions and shipping options that this server does not have. Requests that
 * need one of them are refused.
 */
export function findMissingProviders(
  connection: Knex,
  { payment, fulfillment, tax }: Providers,
): Promise<MissingProvider[]> {
  const taxIds = tax.ids.filter((id) => id !== ratesProvider.id);
  return query<MissingProvider>(
    connection,
    sql`select kind, provider, (array_agg(name order by name))[:${MAX_NAMES}] as used_by,
        count(*)::int as uses
      from (
        select 'payment' as kind, p.provider_id as provider, r.name
        from region_payment_providers p join region r on r.id = p.region_id
        where r.deleted_at is null and p.provider_id <> all(${payment.ids}::text[])
        union all
        select 'fulfillment', provider_id, name from shipping_option
        where deleted_at is null and provider_id <> all(${fulfillment.ids}::text[])
        union all
        select 'tax', tax_provider_id, name from region
        where deleted_at is null and tax_provider_id is not null
          and tax_provider_id <> all(${taxIds}::text[])
      ) as named
      group by kind, provider order by kind, provider`,
  );
}

const USERS = {
  payment: "regions",
  fulfillment: "shipping options",
  tax: "regions",
} as const satisfies Record<MissingProvider["kind"], string>;

/** Says in a sentence which provider is missing, who needs it, and what to do. */
export function describeMissingProvider(missing: MissingProvider): string {
  const { kind, provider, used_by: names, uses } = missing;
  const more = uses > names.length ? ` and ${uses - names.length} more` : "";
  const plugin = kind === "tax" ? "" : ", or its Medusa plugin in MEDUSA_PLUGINS";
  const remedy = /^stripe(-|$)/.test(provider)
    ? "Set STRIPE_API_KEY"
    : `Name a module that brings it in PROVIDERS${plugin}`;
  return (
    `The ${kind} provider ${provider} is not on this server, but is used by the ${USERS[kind]} ` +
    `${names.join(", ")}${more}. ${remedy}, or choose another provider for them.`
  );
}
