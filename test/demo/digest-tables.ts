import type { Knex } from "knex";

/** Returns a digest of each table's rows, to detect any change. */
export async function digestTables(knex: Knex): Promise<Record<string, string>> {
  const { rows: tables } = await knex.raw<{ rows: { name: string }[] }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and " +
      "table_type = 'BASE TABLE' order by 1",
  );
  const content: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await knex.raw(
      "select count(*) || ':' || md5(coalesce(string_agg(t::text, ',' order by t::text), " +
        "'')) as digest from ?? t",
      [name],
    );
    content[name] = rows[0].digest;
  }
  return content;
}
