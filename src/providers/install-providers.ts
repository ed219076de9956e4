import type { Knex } from "knex";
import { query, raw, sql } from "../database/sql.ts";
import type { Providers } from "./providers.ts";
import { ratesProvider } from "./tax/rates-provider.ts";

/**
 * Writes the providers of this server into Medusa's tables of those that are there, as a Medusa
 * does at its start. Rows of others stay as they are: they may be a Medusa's on the same database.
 */
export async function installProviders(knex: Knex, providers: Providers): Promise<void> {
  for (const { table, ids } of [providers.tax, providers.fulfillment, providers.payment]) {
    // A region without a tax provider means the shop's own rates; in Medusa they have no row
    // either.
    const named = ids.filter((id) => id !== ratesProvider.id);
    await query(
      knex,
      sql`insert into ${raw(table)} (id, is_installed) select unnest(${named}::text[]), true
          on conflict (id) do update set is_installed = true where not ${raw(table)}.is_installed`,
    );
  }
}
