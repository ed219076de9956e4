import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, raw, type Sql, sql } from "../../database/sql.ts";
import type { Names, Noun } from "../names.ts";
import { type Condition, conditionSubjects } from "../shop-file-schema.ts";
import { replaceLinks } from "../write-tables.ts";

interface Subject {
  readonly noun: Noun;
  readonly table: string;
  readonly column: string;
  /** The table of what is named, and the column with the name. */
  readonly named: readonly [table: string, column: string];
}

const subjects: Record<(typeof conditionSubjects)[number], Subject> = {
  products: {
    noun: "product",
    table: "discount_condition_product",
    column: "product_id",
    named: ["product", "handle"],
  },
  product_types: {
    noun: "product type",
    table: "discount_condition_product_type",
    column: "product_type_id",
    named: ["product_type", "value"],
  },
  product_collections: {
    noun: "product collection",
    table: "discount_condition_product_collection",
    column: "product_collection_id",
    named: ["product_collection", "handle"],
  },
  product_tags: {
    noun: "product tag",
    table: "discount_condition_product_tag",
    column: "product_tag_id",
    named: ["product_tag", "value"],
  },
  customer_groups: {
    noun: "customer group",
    table: "discount_condition_customer_group",
    column: "customer_group_id",
    named: ["customer_group", "name"],
  },
};

/** Returns the kind of rows that a condition names by a subject. */
export const nounOf = (subject: (typeof conditionSubjects)[number]): Noun => subjects[subject].noun;

/** Returns the SQL of the conditions of a rule, as a shop file writes them. */
export function conditionsOfRule(ruleId: string): Sql {
  const namesBySubject = conditionSubjects.map((subject) => {
    const { table, column, named } = subjects[subject];
    return `when '${subject}' then array(select n.${named[1]} from ${table} l
      join ${named[0]} n on n.id = l.${column} and n.deleted_at is null
      where l.condition_id = c.id order by n.${named[1]})`;
  });
  return raw(`(select coalesce(json_agg(json_build_object('operator', c.operator,
      c.type::text, case c.type::text ${namesBySubject.join(" ")} end)
      order by c.type::text, c.operator::text), '[]')
    from discount_condition c where c.discount_rule_id = ${ruleId} and c.deleted_at is null)`);
}

/** Makes `conditions` the only conditions of a rule. */
export async function writeConditions(
  trx: Knex,
  ruleId: string,
  conditions: readonly Condition[],
  names: Names,
): Promise<void> {
  const kept: string[] = [];
  for (const condition of conditions) {
    const type = conditionSubjects.find((subject) => condition[subject] !== undefined);
    if (!type) continue;
    const id = await saveCondition(trx, { ruleId, type, operator: condition.operator });
    const { noun, table, column } = subjects[type];
    const links = { table, from: "condition_id", to: column };
    const ids = (condition[type] ?? []).map((name) => names.id(noun, name));
    await replaceLinks(trx, links, id, ids);
    kept.push(id);
  }
  await trx("discount_condition")
    .where({ discount_rule_id: ruleId })
    .whereNotIn("id", kept)
    .delete();
}

/** A rule has one condition of a type and an operator, deleted ones included. */
async function saveCondition(
  trx: Knex,
  { ruleId, type, operator }: { ruleId: string; type: string; operator: string },
): Promise<string> {
  const [saved] = await query<{ id: string }>(
    trx,
    sql`insert into discount_condition (id, type, operator, discount_rule_id)
      values (${newId("discon")}, ${type}, ${operator}, ${ruleId})
      on conflict (type, operator, discount_rule_id)
        do update set deleted_at = null, updated_at = now()
      returning id`,
  );
  return saved!.id;
}
