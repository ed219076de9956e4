import type { Knex } from "knex";

/** What `q` of the product list looks into, and the index that Medusa makes of it where it found pg_trgm. */
const columns = [
  { table: "product", column: "title", medusa: "idx_gin_product_title" },
  { table: "product", column: "description", medusa: "idx_gin_product_description" },
  { table: "product_variant", column: "title", medusa: "idx_gin_product_variant_title" },
  { table: "product_variant", column: "sku", medusa: "idx_gin_product_variant_sku" },
  { table: "product_collection", column: "title", medusa: "idx_gin_product_collection" },
];

/**
 * Adds those that are missing, on the running shop: concurrently, as long as it takes. Without pg_trgm there are none, and the product list
 * is slower with `q`.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { there: boolean }[] }>(
    "select exists (select from pg_opclass where opcname = 'gin_trgm_ops') as there",
  );
  if (!rows[0]?.there) return;
  const missing: typeof columns = [];
  for (const one of columns) if (!(await isUsable(knex, one.medusa))) missing.push(one);
  if (missing.length > 0) await withoutTimeouts(knex, (run) => build(run, missing));
}

type Run = (statement: string) => Promise<void>;

async function build(run: Run, missing: typeof columns): Promise<void> {
  for (const { table, column } of missing) {
    const name = `nettle_trigrams_${table}_${column}`;
    // What an attempt that was broken off left behind is there, but never used.
    await run(`drop index concurrently if exists ${name}`);
    await run(`create index concurrently ${name} on ${table} using gin (${column} gin_trgm_ops) where deleted_at is null`);
  }
}

async function isUsable(knex: Knex, name: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { valid: boolean }[] }>(
    "select indisvalid as valid from pg_index where indexrelid = to_regclass(?)",
    [name],
  );
  return rows[0]?.valid ?? false;
}

/** On one connection whose statements may take their time; its settings are put back. */
async function withoutTimeouts(knex: Knex, work: (run: Run) => Promise<void>): Promise<void> {
  const connection = await knex.client.acquireConnection();
  const run: Run = async (statement) => {
    await knex.raw(statement).connection(connection);
  };
  try {
    const { rows } = await knex
      .raw("select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock")
      .connection(connection);
    await run("set statement_timeout = 0; set lock_timeout = 0");
    try {
      await work(run);
    } finally {
      await run(`set statement_timeout = '${rows[0].statement}'; set lock_timeout = '${rows[0].lock}'`);
    }
  } finally {
    await knex.client.releaseConnection(connection);
  }
}
