import type { Knex } from "knex";
import { counted } from "../core/counted.ts";
import { type FeatureFlag, featureFlags } from "../medusa-adoption/feature-flags.ts";
import { findObstacles } from "../medusa-adoption/find-obstacles.ts";
import { recogniseDatabase } from "../medusa-adoption/recognise-database.ts";
import {
  describeMissingProvider,
  findMissingProviders,
} from "../providers/find-missing-providers.ts";
import type { Providers } from "../providers/providers.ts";
import { commandLine } from "../runtime/command-line.ts";
import { type Finding, splitAdvice } from "./finding.ts";
import { inspectForeignParts, inspectRights, inspectSizes } from "./inspect-medusa-tables.ts";
import { inspectServerVersion } from "./inspect-server-version.ts";
import { runChecks } from "./run-checks.ts";

/**
 * Reads a database that may be adopted, and returns what will happen. Writes nothing. `providers`
 * are those that this server would have.
 */
export async function inspectTakeover(knex: Knex, providers: Providers): Promise<Finding[]> {
  const kind: { found?: "empty" | "medusa" | "foreign" } = {};
  const findings = await runChecks(knex, [
    { subject: "PostgreSQL", run: inspectServerVersion },
    { subject: "database", run: (trx) => inspectKind(trx, kind) },
  ]);
  if (kind.found !== "medusa") return findings;
  const more = await runChecks(knex, [
    { subject: "schema", run: inspectSchema },
    { subject: "additional tables and columns", run: inspectForeignParts },
    { subject: "providers", run: (trx) => inspectProviders(trx, providers) },
    { subject: "rights", run: inspectRights },
    { subject: "extensions", run: inspectExtensions },
    { subject: "sizes", run: inspectSizes },
  ]);
  return [...findings, ...more];
}

async function inspectKind(
  knex: Knex,
  kind: { found?: "empty" | "medusa" | "foreign" },
): Promise<Finding[]> {
  const found = await recogniseDatabase(knex);
  kind.found = found.kind;
  const subject = "database";
  if (found.kind === "empty")
    return [
      {
        ...{ level: "note", subject },
        message: `it is empty: ${commandLine("migrate")} builds a new shop in it`,
        action: "check the URL if a shop was expected there",
      },
    ];
  if (found.kind === "foreign")
    return [
      {
        ...{ level: "problem", subject },
        message: found.tables.includes("mikro_orm_migrations")
          ? "Medusa 2 has built it, whose tables Nettle does not read"
          : `its tables are not those of Medusa 1 (${found.tables.slice(0, 4).join(", ")})`,
        action: "give the URL of a database that Medusa 1.20.11 has built",
      },
    ];
  return [
    {
      ...{ level: "note", subject },
      message:
        `Medusa has built it with ${counted(found.ranMigrations, "migration")}, ` +
        `the last ${found.lastMigration}`,
    },
  ];
}

async function inspectSchema(knex: Knex): Promise<Finding[]> {
  const { obstacles, flagsToAdd } = await findObstacles(knex);
  const refusals = obstacles.map(
    (obstacle): Finding => ({ level: "problem", subject: "schema", ...splitAdvice(obstacle) }),
  );
  return [...refusals, ...featureFlags.map((flag) => describeFlag(flag, flagsToAdd))];
}

function describeFlag(flag: FeatureFlag, flagsToAdd: readonly FeatureFlag[]): Finding {
  return {
    level: "note",
    subject: `feature flag ${flag.name}`,
    message: flagsToAdd.includes(flag)
      ? "it is off: its tables and columns are added as Medusa adds them, without any row"
      : "its tables and columns are there",
  };
}

/** Returns the providers that regions and shipping options use and this server lacks. */
export async function inspectProviders(knex: Knex, providers: Providers): Promise<Finding[]> {
  const missing = await findMissingProviders(knex, providers);
  return missing.map((one) => ({
    level: "warning",
    subject: `${one.kind} provider ${one.provider}`,
    ...splitAdvice(describeMissingProvider(one)),
  }));
}

async function inspectExtensions(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{
    rows: { installed: boolean; available: boolean; allowed: boolean }[];
  }>(`
    select exists (select from pg_extension where extname = 'pg_trgm') as installed,
      exists (select from pg_available_extensions where name = 'pg_trgm') as available,
      has_database_privilege(current_database(), 'CREATE') as allowed`);
  const { installed, available, allowed } = rows[0]!;
  if (installed) return [{ level: "note", subject: "extensions", message: "pg_trgm is installed" }];
  if (available && allowed)
    return [
      { level: "note", subject: "extensions", message: "pg_trgm is not installed and is created" },
    ];
  return [
    {
      level: "warning",
      subject: "extensions",
      message: "pg_trgm is not there: a search does not forgive misspelling, and `q` is slow",
      action: "create the extension pg_trgm as the owner of the database before the adoption",
    },
  ];
}
