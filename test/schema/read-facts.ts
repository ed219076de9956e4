import type { Knex } from "knex";

/**
 * A schema as its catalogs describe it, in texts that are the same on every supported version of
 * PostgreSQL.
 */
export interface SchemaFacts {
  tables: Record<string, TableFacts>;
  /** Labels in order, by type. */
  enums: Record<string, string[]>;
  /** Type, steps and owning column, by sequence. */
  sequences: Record<string, string>;
}

interface TableFacts {
  /** In order: name, type, nullability, default. */
  columns: string[];
  /**
   * Primary key, unique, foreign key and check constraints, without `not null`, which only
   * PostgreSQL 18 lists.
   */
  constraints: Record<string, string>;
  /** Indexes that do not belong to a constraint. */
  indexes: Record<string, string>;
}

/** Reads the facts of the current schema, without those of extensions, sorted by name. */
export async function readFacts(knex: Knex): Promise<SchemaFacts> {
  const tables: SchemaFacts["tables"] = {};
  for (const { name, columns } of await rowsOf<{ name: string; columns: string[] }>(
    knex,
    columnQuery,
  )) {
    tables[name] = { columns, constraints: {}, indexes: {} };
  }
  for (const { table, name, text } of await rowsOf<NamedText>(knex, constraintQuery))
    tables[table]!.constraints[name] = text;
  for (const { table, name, text } of await rowsOf<NamedText>(knex, indexQuery))
    tables[table]!.indexes[name] = text;
  const enums = await rowsOf<{ name: string; labels: string[] }>(knex, enumQuery);
  const sequences = await rowsOf<NamedText>(knex, sequenceQuery);
  return {
    tables,
    enums: Object.fromEntries(enums.map(({ name, labels }) => [name, labels])),
    sequences: Object.fromEntries(sequences.map(({ name, text }) => [name, text])),
  };
}

interface NamedText {
  table: string;
  name: string;
  text: string;
}

async function rowsOf<Row>(knex: Knex, sql: string): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(sql);
  return rows;
}

const isOurTable = `
  relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
  and not exists (
    select from pg_depend
    where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')`;

const columnQuery = `
  select relname as name, array_agg(
    concat_ws(' ', attname, format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end,
      'default ' || pg_get_expr(adbin, adrelid)) order by attnum) as columns
  from pg_class
    join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where ${isOurTable}
  group by relname order by relname collate "C"`;

const constraintQuery = `
  select relname as table, conname as name, pg_get_constraintdef(pg_constraint.oid) as text
  from pg_constraint join pg_class on pg_class.oid = conrelid
  where ${isOurTable} and contype in ('p', 'u', 'f', 'c')
  order by conname collate "C"`;

const indexQuery = `
  select pg_class.relname as table, index.relname as name,
    replace(pg_get_indexdef(indexrelid), ' ' || quote_ident(current_schema()) || '.', ' ') as text
  from pg_index join pg_class on pg_class.oid = indrelid
    join pg_class as index on index.oid = indexrelid
  where ${isOurTable.replaceAll(/rel(namespace|kind)/g, "pg_class.$&")}
    and indisvalid and not exists (
      select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
  order by index.relname collate "C"`;

const enumQuery = `
  select typname as name, array_agg(enumlabel::text order by enumsortorder) as labels
  from pg_type join pg_enum on enumtypid = pg_type.oid
  where typnamespace = current_schema()::regnamespace
  group by typname order by typname collate "C"`;

const sequenceQuery = `
  select relname as name, concat_ws(' ', format_type(seqtypid, null), 'from', seqstart,
    'by', seqincrement, 'up to', seqmax, 'cache', seqcache, case when seqcycle then 'cycle' end,
    (select 'of ' || refobjid::regclass || '.' || attname
     from pg_depend join pg_attribute on attrelid = refobjid and attnum = refobjsubid
     where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'a')) as text
  from pg_sequence join pg_class on pg_class.oid = seqrelid
  where relnamespace = current_schema()::regnamespace
  order by relname collate "C"`;
