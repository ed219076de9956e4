import type { Knex } from "knex";

/** What a database contains that Nettle has not migrated yet: nothing, Medusa's tables, others. */
type FoundDatabase =
  | { kind: "empty" }
  | { kind: "medusa"; ranMigrations: number; lastMigration: string }
  | { kind: "foreign"; tables: string[] };

/**
 * Reads what the tables of the current schema belong to. Tables of extensions and of other schemas
 * do not count.
 */
export async function recogniseDatabase(knex: Knex): Promise<FoundDatabase> {
  const tables = await listTables(knex);
  if (tables.size === 0) return { kind: "empty" };
  const history = ["migrations", "product", "store"].every((name) => tables.has(name))
    ? await readMedusaMigrations(knex)
    : [];
  const last = history.at(-1);
  if (!last || !history.some((name) => name.startsWith("initialSchema")))
    return { kind: "foreign", tables: [...tables] };
  return { kind: "medusa", ranMigrations: history.length, lastMigration: last };
}

async function listTables(knex: Knex): Promise<Set<string>> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace
      and relkind in ('r', 'p') and not starts_with(relname, 'nettle_')
      and not exists (
        select from pg_depend
        where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by relname`);
  return new Set(rows.map((row) => row.name));
}

/**
 * Returns the names of the migrations in TypeORM's table, oldest first. It reads rows by
 * `to_jsonb`, since another program's table of that name may have other columns.
 */
export async function readMedusaMigrations(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string | null }[] }>(`
    select entry ->> 'name' as name
    from (select to_jsonb(migrations) as entry from migrations) as history
    order by length(entry ->> 'id'), entry ->> 'id'`);
  return rows.flatMap((row) => row.name ?? []);
}
