import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
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
 * Returns the discounts with exactly these codes, in the order of the codes. As in Medusa, this
 * decides which of several discounts a cart keeps. Runs two statements.
 */
export async function findDiscounts(
  connection: Knex,
  codes: readonly string[],
  customerId: string | null,
): Promise<FoundDiscount[]> {
  const eligibilities = await findEligibilities(connection, codes, customerId);
  const trees = await loadTrees(
    connection,
    shape,
    eligibilities.map(({ id }) => id),
  );
  return trees.map((tree, index) => {
    const { region_ids, has_groups, fits } = eligibilities[index]!;
    return {
      ...tree,
      regionIds: region_ids,
      hasGroupConditions: has_groups,
      fitsCustomer: fits,
    };
  });
}

interface Eligibility {
  readonly id: string;
  readonly region_ids: string[];
  readonly has_groups: boolean;
  readonly fits: boolean;
}

function findEligibilities(
  connection: Knex,
  codes: readonly string[],
  customerId: string | null,
): Promise<Eligibility[]> {
  return query(
    connection,
    sql`select d.id,
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
            where g.condition_id = c.id and m.customer_id = ${customerId ?? ""})) as fits
      from discount d where d.code = any(${codes}) and d.deleted_at is null order by d.code`,
  );
}

/** Returns those of the products that meet the conditions of a discount rule. */
export async function findCoveredProducts(
  connection: Knex,
  ruleId: string | null,
  productIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select p.id from product p where p.id = any(${productIds}) and not exists (
      select 1 from discount_condition c
      where c.discount_rule_id = ${ruleId} and c.deleted_at is null
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
        end)`,
  );
  return new Set(rows.map(({ id }) => id));
}
