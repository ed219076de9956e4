import type { Knex } from "knex";
import { query, raw, sql } from "../database/sql.ts";
import type { Providers } from "./providers.ts";
import { ratesProvider } from "./tax/rates-provider.ts";

/**
 * Records this server's providers as installed in Medusa's tables, as Medusa does when it starts.
 * Other rows stay as they are, since a Medusa backend on the same database may own them.
 */
export async function installProviders(knex: Knex, providers: Providers): Promise<void> {
  for (const { table, ids } of [providers.tax, providers.fulfillment, providers.payment]) {
    // A region without a tax provider uses the shop's own rates, which have no row in Medusa
    // either.
    const named = ids.filter((id) => id !== ratesProvider.id);
    await query(
      knex,
      sql`insert into ${raw(table)} (id, is_installed) select unnest(${named}::text[]), true
          on conflict (id) do update set is_installed = true where not ${raw(table)}.is_installed`,
    );
  }
}
