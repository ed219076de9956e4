import type { Knex } from "knex";

/**
 * Creates the indexes for substring search. They need the extension pg_trgm, which some servers
 * lack or do not let users create. Without them only the search is slower.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(sql);
}

const sql = `
do $$
begin
  create extension if not exists pg_trgm;
  create index idx_gin_product_title on product using gin (title gin_trgm_ops)
    where deleted_at is null;
  create index idx_gin_product_description on product using gin (description gin_trgm_ops)
    where deleted_at is null;
  create index idx_gin_product_variant_title on product_variant using gin (title gin_trgm_ops)
    where deleted_at is null;
  create index idx_gin_product_variant_sku on product_variant using gin (sku gin_trgm_ops)
    where deleted_at is null;
  create index idx_gin_product_collection on product_collection using gin (title gin_trgm_ops)
    where deleted_at is null;
exception
  when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
    raise notice 'pg_trgm is not available: no search indexes';
end
$$;
`;
