import { query, sql } from "../../database/sql.ts";
import { type Kind, type Reference, type Refusal, referencesIn } from "../kind.ts";
import { type Condition, conditionSubjects, type Entry } from "../shop-file-schema.ts";
import { replaceLinks, saveRow } from "../write-tables.ts";
import { conditionsOfRule, nounOf, writeConditions } from "./discount-conditions.ts";
import { isoTimeOf } from "./iso-time-of.ts";

type Discount = Entry<"discounts">;

const defaults = {
  value: 0,
  is_disabled: false,
  conditions: [] as Condition[],
};

const regionLinks = { table: "discount_regions", from: "discount_id", to: "region_id" };

/** The discounts, by code, without those that Medusa made from a dynamic one. */
export const discounts: Kind<"discounts", typeof defaults> = {
  section: "discounts",
  noun: "discount",
  identity: ["code"],
  defaults,
  keyOf: ({ code }) => code,
  labelOf: ({ code }) => code,
  read: (trx) =>
    query(
      trx,
      sql`select d.id, json_strip_nulls(json_build_object('code', d.code,
          'description', u.description, 'type', u.type, 'value', u.value,
          'allocation', u.allocation,
          'regions', array(select r.name from discount_regions l
            join region r on r.id = l.region_id and r.deleted_at is null
            where l.discount_id = d.id order by r.name),
          'starts_at', ${isoTimeOf("d.starts_at")}, 'ends_at', ${isoTimeOf("d.ends_at")},
          'usage_limit', d.usage_limit, 'is_disabled', d.is_disabled,
          'conditions', ${conditionsOfRule("u.id")})) as entry
        from discount d join discount_rule u on u.id = d.rule_id
        where d.deleted_at is null and d.parent_discount_id is null and not d.is_dynamic
        order by d.created_at, d.id`,
    ),
  references: ({ regions, conditions }) => [
    ...referencesIn("region", regions, "regions"),
    ...(conditions ?? []).flatMap(referencesOf),
  ],
  refusals: (entry, before) => [
    ...refusalsOfValue(entry),
    ...refusalsOfTimes(entry, before),
    ...refusalsOfConditions(entry.conditions ?? []),
    ...(before && before.type !== entry.type
      ? [
          {
            path: ["type"],
            message: `it is ${before.type} and stays so: use another code for ${entry.type}`,
          },
        ]
      : []),
  ],
  write: async (trx, { id, entry, before }, names) => {
    const { code, is_disabled, starts_at, ends_at, usage_limit } = entry;
    const { description, type, value, allocation } = entry;
    const found = id && (await trx("discount").where({ id }).first("rule_id"));
    const ruleId = await saveRow(
      trx,
      "discount_rule",
      { prefix: "dru", id: found ? found.rule_id : undefined },
      {
        ...{ description: description ?? "", type, value },
        allocation: allocation ?? (before ? null : "total"),
      },
    );
    const saved = await saveRow(
      trx,
      "discount",
      { prefix: "disc", id },
      {
        ...(before ? {} : { rule_id: ruleId, is_dynamic: false }),
        ...{ code, is_disabled, ends_at: ends_at ?? null, usage_limit: usage_limit ?? null },
        ...(starts_at === undefined || starts_at === before?.starts_at ? {} : { starts_at }),
      },
    );
    const regions = entry.regions.map((name) => names.id("region", name));
    await replaceLinks(trx, regionLinks, saved, regions);
    await writeConditions(trx, ruleId, entry.conditions, names);
    return saved;
  },
};

function referencesOf(condition: Condition, index: number): Reference[] {
  return conditionSubjects.flatMap((subject) =>
    referencesIn(nounOf(subject), condition[subject], "conditions", index, subject),
  );
}

function refusalsOfValue({ type, value, regions }: Discount): Refusal[] {
  if (type === "free_shipping") return [];
  if (value === undefined) return [{ path: [], message: `a ${type} discount needs a "value"` }];
  if (type === "percentage" && value > 100)
    return [{ path: ["value"], message: "a percentage is 100 at most" }];
  if (type === "fixed" && regions.length > 1)
    return [{ path: ["regions"], message: "a fixed amount has one region, for its currency" }];
  return [];
}

function refusalsOfTimes({ starts_at, ends_at }: Discount, before?: Discount): Refusal[] {
  const start = starts_at ?? before?.starts_at;
  return start && ends_at && start >= ends_at
    ? [{ path: ["ends_at"], message: "it ends before it starts" }]
    : [];
}

function refusalsOfConditions(conditions: readonly Condition[]): Refusal[] {
  const kinds = conditions.map((one) => {
    const subject = conditionSubjects.find((each) => one[each] !== undefined);
    return `${one.operator} ${subject}`;
  });
  return kinds.flatMap((kind, index) =>
    kinds.indexOf(kind) === index
      ? []
      : [{ path: ["conditions", index], message: `there is a condition "${kind}" already` }],
  );
}
