import type { Knex } from "knex";

/** Whose tables a database holds that Nettle has not migrated yet. */
type FoundDatabase =
  | { kind: "empty" }
  | { kind: "medusa"; ranMigrations: number; lastMigration: string }
  | { kind: "foreign"; tables: string[] };

/**
 * Looks at the tables of the schema that ours would stand in; what extensions brought is nobody's.
 * Other schemas do not count.
 */
export async function recogniseDatabase(knex: Knex): Promise<FoundDatabase> {
  const tables = await listTables(knex);
  if (tables.size === 0) return { kind: "empty" };
  const history = ["migrations", "product", "store"].every((name) => tables.has(name))
    ? await readMedusaHistory(knex)
    : [];
  const last = history.at(-1);
  if (!last || !history.some((name) => name.startsWith("initialSchema")))
    return { kind: "foreign", tables: [...tables] };
  return { kind: "medusa", ranMigrations: history.length, lastMigration: last };
}

async function listTables(knex: Knex): Promise<Set<string>> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not starts_with(relname, 'nettle_')
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by relname`);
  return new Set(rows.map((row) => row.name));
}

/**
 * The names in TypeORM's table, oldest first. Other programs' tables of that name have other
 * columns, hence `to_jsonb`.
 */
async function readMedusaHistory(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string | null }[] }>(`
    select entry ->> 'name' as name from (select to_jsonb(migrations) as entry from migrations) as history
    order by length(entry ->> 'id'), entry ->> 'id'`);
  return rows.flatMap((row) => row.name ?? []);
}
