import type { Knex } from "knex";
import { catalogueTables } from "../../migrations/1440-catalogue-notifications.ts";
import { ownIndexes } from "../../migrations/own-indexes.ts";
import { watchedTables } from "../../migrations/product-search/search-marks.ts";
import { counted } from "../core/counted.ts";
import type { FeatureFlag } from "../medusa-adoption/feature-flags.ts";
import { commandLine } from "../runtime/command-line.ts";

/** What the database user lacks for an adoption, and what to do. */
export interface LackingRights {
  readonly message: string;
  readonly action: string;
}

/** Returns Medusa's tables that an adoption changes, which adds what these flags have left out. */
export function changedTables(flagsToAdd: readonly FeatureFlag[]): string[] {
  const all = [
    ...[...ownIndexes, ...watchedTables].map(({ table }) => table),
    ...[...catalogueTables, "discount", "order_discounts"],
    ...flagsToAdd.flatMap(({ parts }) => parts.map(({ table }) => table)),
  ];
  return [...new Set(all)];
}

/** Reads what the database user lacks to change these tables and to add others; undefined: none. */
export async function findLackingRights(
  knex: Knex,
  tables: readonly string[],
): Promise<LackingRights | undefined> {
  const { rows } = await knex.raw<{
    rows: { role: string; owner: string | null; foreign: number; may_create: boolean }[];
  }>(
    `select current_user::text as role, min(relowner::regrole::text) as owner,
       count(relowner)::int as foreign,
       has_schema_privilege(current_schema(), 'CREATE') as may_create
     from (select relowner from pg_class
       where relnamespace = current_schema()::regnamespace and relname = any(?)
         and relkind in ('r', 'p') and not pg_has_role(relowner, 'USAGE')) as others`,
    [[...tables]],
  );
  const { role, owner, foreign, may_create: mayCreate } = rows[0]!;
  if (foreign === 0 && mayCreate) return undefined;
  const what = foreign > 0 ? `change ${counted(foreign, "table")}` : "create tables";
  return {
    message: `${role} may not ${what}`,
    action: `run ${commandLine("migrate")} as ${owner ?? "the owner of the schema"}`,
  };
}
