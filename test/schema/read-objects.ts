import type { Knex } from "knex";

/** Reads every object of the database that a dump of its schema would name. */
export async function readObjects(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { object: string }[] }>(`
    select object from (
      select 'class ' || relkind::text || ' ' || relname as object, relnamespace as schema
        from pg_class
      union all select 'function ' || pg_get_functiondef(oid), pronamespace from pg_proc
        where prokind = 'f' and pronamespace = 'public'::regnamespace
          and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      union all select 'type ' || typname, typnamespace from pg_type
      union all select 'constraint ' || conname || pg_get_constraintdef(oid), connamespace
        from pg_constraint
      union all select 'extension ' || extname, 'public'::regnamespace from pg_extension
      union all select 'trigger ' || tgenabled::text || pg_get_triggerdef(oid),
          'public'::regnamespace
        from pg_trigger where not tgisinternal
      union all select 'default ' || pg_get_expr(adbin, adrelid), 'public'::regnamespace
        from pg_attrdef
      union all select 'comment ' || description, 'public'::regnamespace from pg_description
        where objoid > 16384
    ) as objects
    where schema = 'public'::regnamespace
    order by object`);
  return rows.map(({ object }) => object);
}
