import type { Knex } from "knex";
import { query, type Sql, sql } from "../../database/sql.ts";
import { discount } from "../../graph/entities/discount-entities.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";

const shape = shapeOf(discount, {
  paths: ["rule", "regions"],
  narrowed: { regions: ["id"] },
  required: ["rule"],
});

/** A discount with what decides whether a cart may have it. */
export interface FoundDiscount extends TreeOfShape<typeof shape> {
  /** Its own regions, or those of the discount that it was derived from. */
  readonly regionIds: readonly string[];
  /** Whether it is limited to, or excludes, some customer groups. */
  readonly hasGroupConditions: boolean;
  /** Whether the customer meets these conditions. */
  readonly fitsCustomer: boolean;
}

/**
 * Returns the discounts with exactly these codes, in the order of the codes, which decides which of
 * several discounts a cart keeps. Runs two statements.
 * @param customerId the customer whose groups count
 */
export async function findDiscounts(
  connection: Knex,
  codes: readonly string[],
  customerId: string | null,
): Promise<FoundDiscount[]> {
  const eligibilities = await query<Eligibility>(
    connection,
    sql`select ${eligibility(customerId)}
      from discount d where d.code = any(${codes}) and d.deleted_at is null
      order by array_position(${codes}::text[], d.code::text)`,
  );
  const trees = await loadTrees(
    connection,
    shape,
    eligibilities.map(({ id }) => id),
  );
  return trees.map((tree, index) => ({
    ...tree,
    ...conditionsOf(eligibilities[index]!),
  }));
}

/** The conditions of a discount that are not in its own row. */
type Conditions = Pick<FoundDiscount, "regionIds" | "hasGroupConditions" | "fitsCustomer">;

/** What decides whether a cart keeps a discount, and what it is taken from. */
export interface DiscountConditions extends Conditions {
  /** Those of the given products that meet the discount's conditions. */
  readonly coveredIds: ReadonlySet<string>;
}

/**
 * Returns the conditions of the discounts with these ids, by id. Deleted ones are left out. Runs
 * one statement, none without ids.
 * @param customerId the customer whose groups count
 */
export async function findConditions(
  connection: Knex,
  ids: readonly string[],
  customerId: string | null,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, DiscountConditions>> {
  if (ids.length === 0) return new Map();
  const rows = await query<Eligibility & { readonly covered_ids: string[] }>(
    connection,
    sql`select ${eligibility(customerId)}, ${coveredProducts(productIds)} as covered_ids
      from discount d where d.id = any(${ids}) and d.deleted_at is null`,
  );
  return new Map(
    rows.map((row) => [row.id, { ...conditionsOf(row), coveredIds: new Set(row.covered_ids) }]),
  );
}

function conditionsOf({ region_ids, has_groups, fits }: Eligibility): Conditions {
  return { regionIds: region_ids, hasGroupConditions: has_groups, fitsCustomer: fits };
}

interface Eligibility {
  readonly id: string;
  readonly region_ids: string[];
  readonly has_groups: boolean;
  readonly fits: boolean;
}

/** The columns of `Eligibility`, for a discount `d`. */
function eligibility(customerId: string | null): Sql {
  return sql`d.id,
    array(select r.region_id from discount_regions r
      where r.discount_id = coalesce(d.parent_discount_id, d.id)) as region_ids,
    exists (select 1 from discount_condition c
      where c.discount_rule_id = d.rule_id and c.type = 'customer_groups'
        and c.deleted_at is null) as has_groups,
    not exists (select 1 from discount_condition c
      where c.discount_rule_id = d.rule_id and c.type = 'customer_groups'
        and c.deleted_at is null and (c.operator = 'in') <> exists (
        select 1 from discount_condition_customer_group g
          join customer_group_customers m on m.customer_group_id = g.customer_group_id
          where g.condition_id = c.id and m.customer_id = ${customerId ?? ""})) as fits`;
}

/**
 * The ids of those of the products that a discount `d` is taken off: they are discountable now, and
 * meet its conditions.
 */
function coveredProducts(productIds: readonly string[]): Sql {
  return sql`array(select p.id from product p
    where p.id = any(${productIds}) and p.discountable and not exists (
    select 1 from discount_condition c
    where c.discount_rule_id = d.rule_id and c.deleted_at is null
      and c.type <> 'customer_groups'
      and (c.operator = 'in') <> case c.type
        when 'products' then exists (select 1 from discount_condition_product j
          where j.condition_id = c.id and j.product_id = p.id)
        when 'product_types' then exists (select 1 from discount_condition_product_type j
          where j.condition_id = c.id and j.product_type_id = p.type_id)
        when 'product_collections' then exists (
          select 1 from discount_condition_product_collection j
          where j.condition_id = c.id and j.product_collection_id = p.collection_id)
        when 'product_tags' then exists (select 1 from discount_condition_product_tag j
          join product_tags t on t.product_tag_id = j.product_tag_id
          where j.condition_id = c.id and t.product_id = p.id)
      end))`;
}
