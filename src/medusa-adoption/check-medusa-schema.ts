import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import { medusaColumns } from "./medusa-columns.ts";

const MAX_LISTED = 4;

/**
 * Checks that a database that Medusa built has all tables and columns that Nettle reads and writes.
 * It may have more, such as those of plugins.
 * @throws StartupError if any is missing; names them, and how to add them
 */
export async function checkMedusaSchema(knex: Knex): Promise<void> {
  const missing = findMissing(await readColumns(knex));
  if (missing.length === 0) return;
  const more = missing.length > MAX_LISTED ? ` and ${missing.length - MAX_LISTED} more` : "";
  const flag = missing.every((name) => name.endsWith(".includes_tax"))
    ? " with its feature flag tax_inclusive_pricing on (MEDUSA_FF_TAX_INCLUSIVE_PRICING=true)"
    : "";
  throw new StartupError(
    "This database is not at the schema of Medusa 1.20.11: " +
      `it lacks ${missing.slice(0, MAX_LISTED).join(", ")}${more}. ` +
      `Run Medusa 1.20.11's own migrations first (npx medusa migrations run)${flag}, ` +
      "then try again.",
  );
}

/** Returns what `found` (columns by table) lacks of Medusa 1.20.11: `table x` or `column x.y`. */
export function findMissing(found: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return Object.entries(medusaColumns).flatMap(([table, columns]) => {
    const present = found.get(table);
    if (!present) return [`table ${table}`];
    return columns
      .split(" ")
      .filter((column) => !present.has(column))
      .map((column) => `column ${table}.${column}`);
  });
}

async function readColumns(knex: Knex): Promise<Map<string, Set<string>>> {
  const { rows } = await knex.raw<{ rows: { table: string; columns: string[] }[] }>(`
    select relname as table, array_agg(attname::text) as columns
    from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v')
    group by relname`);
  return new Map(rows.map((row) => [row.table, new Set(row.columns)]));
}
