import { join, raw, type Sql, sql } from "../../database/sql.ts";
import type { Filter } from "./filter.ts";

/**
 * Returns the SQL condition of a filter on the rows `s` of the search index. Text is compared
 * without case and accents.
 */
export function filterCondition(filter: Filter): Sql {
  if ("all" in filter) return combined(filter.all, " and ");
  if ("any" in filter) return combined(filter.any, " or ");
  if ("not" in filter) return sql`not ${filterCondition(filter.not)}`;
  if ("exists" in filter) return sql`jsonb_array_length(s.facets -> ${filter.attribute}) > 0`;
  if ("oneOf" in filter)
    return sql`s.keys && nettle_search_keys(${filter.attribute}, ${filter.oneOf})`;
  const { currency, comparison, amount } = filter;
  return sql`coalesce((s.prices -> ${currency} ->> 0)::numeric
    ${raw(comparison)} ${amount}, false)`;
}

/** An empty list sets no condition, so every product meets it. */
function combined(filters: readonly Filter[], separator: string): Sql {
  return filters.length === 0 ? sql`true` : sql`(${join(filters.map(filterCondition), separator)})`;
}
