import { query, sql } from "../../database/sql.ts";
import { type Kind, referenceTo } from "../kind.ts";
import { saveRow } from "../write-tables.ts";

/** The return reasons, by value. A parent stands before its children. */
export const returnReasons: Kind<"return_reasons"> = {
  section: "return_reasons",
  noun: "return reason",
  identity: ["value"],
  defaults: {},
  keyOf: ({ value }) => value,
  labelOf: ({ value }) => value,
  read: (trx) =>
    query(
      trx,
      sql`select r.id, json_strip_nulls(json_build_object('value', r.value, 'label', r.label,
          'description', r.description, 'parent', p.value)) as entry
        from return_reason r
        left join return_reason p on p.id = r.parent_return_reason_id and p.deleted_at is null
        where r.deleted_at is null order by p.value is not null, r.created_at, r.id`,
    ),
  rank: ({ parent }) => (parent ? 1 : 0),
  references: ({ parent }) => referenceTo("return reason", parent, "parent"),
  write: (trx, { id, entry: { value, label, description, parent } }, names) =>
    saveRow(
      trx,
      "return_reason",
      { prefix: "rr", id },
      {
        ...{ value, label, description: description ?? null },
        parent_return_reason_id: parent ? names.id("return reason", parent) : null,
      },
    ),
};
