import type { Knex } from "knex";
import { inShortTransaction } from "../../migrations/in-short-transaction.ts";
import {
  type FeatureFlag,
  type FeaturePart,
  featureFlags,
} from "../medusa-adoption/feature-flags.ts";
import { timestampOf } from "../medusa-adoption/medusa-migrations.ts";

/**
 * Adds what feature flags that are off have left out, as Medusa's own migrations would have, and
 * lists these as executed. Notes the flags first, so that an interrupted run can be continued and
 * {@link removeAddedFlags} knows them. Locks one table at a time, only briefly.
 */
export async function addFlags(knex: Knex, flags: readonly FeatureFlag[]): Promise<void> {
  if (flags.length === 0) return;
  await knex.raw("create table if not exists nettle_added_flag (name text primary key)");
  for (const { name, migrations, parts } of flags) {
    await knex("nettle_added_flag").insert({ name }).onConflict("name").ignore();
    for (const part of parts) await addPart(knex, part);
    for (const migration of migrations)
      await knex.raw(
        `insert into migrations (timestamp, name) select ?, ?
         where not exists (select from migrations where name = ?)`,
        [timestampOf(migration), migration, migration],
      );
  }
}

/** Returns the names of the flags whose tables and columns Nettle has added. */
export async function readAddedFlags(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    "select to_regclass('nettle_added_flag') is not null as found",
  );
  return rows[0]?.found ? knex("nettle_added_flag").pluck<string[]>("name") : [];
}

/**
 * Leaves what {@link addFlags} has added to Medusa, also if what follows is interrupted and
 * continued without being told so again. Adds again what an interrupted removal has dropped.
 */
export async function keepAddedFlags(knex: Knex, log: (line: string) => void): Promise<void> {
  const added = await readAddedFlags(knex);
  if (added.length === 0) return;
  await addFlags(
    knex,
    featureFlags.filter(({ name }) => added.includes(name)),
  );
  await knex("nettle_added_flag").del();
  for (const name of added) log(`The tables and columns of Medusa's flag ${name} stay, as asked`);
}

/**
 * Drops what {@link addFlags} has added. What the shop uses by now stays with its migrations, and a
 * line says so.
 */
export async function removeAddedFlags(knex: Knex, log: (line: string) => void): Promise<void> {
  const added = await readAddedFlags(knex);
  for (const flag of featureFlags.filter(({ name }) => added.includes(name))) {
    if (await isUsed(knex, flag)) {
      log(`The tables and columns of Medusa's flag ${flag.name} stay: rows of the shop use them`);
      continue;
    }
    for (const part of [...flag.parts].reverse()) await removePart(knex, part);
    await knex("migrations").whereIn("name", flag.migrations).del();
    log(`Removed the tables and columns of Medusa's flag ${flag.name}`);
  }
}

async function addPart(knex: Knex, part: FeaturePart): Promise<void> {
  const state = await stateOf(knex, part);
  const change = (statement: string) => inShortTransaction(knex, (trx) => trx.raw(statement));
  if (!state) await change(creationOf(part));
  // Rows are checked without keeping writers waiting.
  if (part.kind === "foreign key" && state !== "valid")
    await change(`alter table "${part.table}" validate constraint "${part.name}"`);
}

function creationOf({ kind, table, name, definition }: FeaturePart): string {
  const change = `alter table "${table}" add`;
  return {
    table: `create table "${name}" (${definition})`,
    index: `create index "${name}" on "${table}" ${definition}`,
    column: `${change} column "${name}" ${definition}`,
    unique: `${change} constraint "${name}" ${definition}`,
    "foreign key": `${change} constraint "${name}" ${definition} not valid`,
  }[kind];
}

/** Constraints and indexes go with their table or column. */
async function removePart(knex: Knex, part: FeaturePart): Promise<void> {
  const { kind, table, name } = part;
  if (!isStored(part) || !(await stateOf(knex, part))) return;
  const statement =
    kind === "table" ? `drop table "${name}"` : `alter table "${table}" drop column "${name}"`;
  await inShortTransaction(knex, (trx) => trx.raw(statement));
}

/** Whether rows are stored in it. */
const isStored = ({ kind }: FeaturePart) => kind === "table" || kind === "column";

/** Returns "valid" for what is there, "unchecked" for a foreign key whose rows were not checked. */
async function stateOf(
  knex: Knex,
  { kind, table, name }: FeaturePart,
): Promise<"valid" | "unchecked" | undefined> {
  const queries = {
    table: "select true as valid from pg_class where oid = to_regclass(quote_ident(?)) and ? <> ''",
    index: `select true as valid from pg_index
      where indrelid = to_regclass(quote_ident(?)) and indexrelid = to_regclass(quote_ident(?))`,
    column: `select true as valid from pg_attribute
      where attrelid = to_regclass(quote_ident(?)) and attname = ? and not attisdropped`,
    constraint: `select convalidated as valid from pg_constraint
      where conrelid = to_regclass(quote_ident(?)) and conname = ?`,
  };
  const query = queries[kind === "foreign key" || kind === "unique" ? "constraint" : kind];
  const { rows } = await knex.raw<{ rows: { valid: boolean }[] }>(query, [table, name]);
  if (!rows[0]) return undefined;
  return rows[0].valid ? "valid" : "unchecked";
}

/** Whether rows hold what would be lost: a row of a table, or a value other than the default. */
async function isUsed(knex: Knex, flag: FeatureFlag): Promise<boolean> {
  for (const part of flag.parts.filter(isStored)) {
    if (!(await stateOf(knex, part))) continue;
    const rows = part.kind === "table" ? "" : `where "${part.name}"::text <> 'false'`;
    const { rows: used } = await knex.raw<{ rows: unknown[] }>(
      `select from "${part.table}" ${rows} limit 1`,
    );
    if (used.length > 0) return true;
  }
  return false;
}
