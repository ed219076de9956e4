import type { Knex } from "knex";
import { baselineMigrations, laterMigrations } from "../../migrations/index.ts";
import { counted } from "../core/counted.ts";
import { StartupError } from "../core/startup-error.ts";
import { mustBeKnown, readMigrationState } from "../database/migration-state.ts";
import { commandLine } from "../runtime/command-line.ts";
import { describeClock } from "./describe-clock.ts";
import type { Finding } from "./finding.ts";
import { inspectServerVersion } from "./inspect-server-version.ts";
import { inspectReplicationRole, inspectTriggers } from "./inspect-triggers.ts";
import { listed } from "./listed.ts";
import { type Check, runChecks } from "./run-checks.ts";

const allMigrations = [...baselineMigrations, ...laterMigrations];

const checks: readonly Check[] = [
  { subject: "triggers", run: inspectTriggers },
  { subject: "session_replication_role", run: inspectReplicationRole },
  { subject: "indexes", run: inspectIndexes },
];

/** Reads what is wrong with the database of a server. Writes nothing. */
export async function inspectDatabase(knex: Knex): Promise<Finding[]> {
  const first = await runChecks(knex, [
    { subject: "clock", run: inspectClock },
    { subject: "PostgreSQL", run: inspectServerVersion },
    { subject: "migrations", run: inspectMigrations },
  ]);
  const isMigrated = !first.some(({ subject }) => subject === "migrations");
  return isMigrated ? [...first, ...(await runChecks(knex, checks))] : first;
}

async function inspectClock(knex: Knex): Promise<Finding[]> {
  const sentAt = Date.now();
  const { rows } = await knex.raw<{ rows: { now: number }[] }>(
    "select extract(epoch from clock_timestamp())::float8 * 1000 as now",
  );
  const receivedAt = Date.now();
  return describeClock({ sentAt, answer: rows[0]!.now, receivedAt });
}

async function inspectMigrations(knex: Knex): Promise<Finding[]> {
  const finding = (message: string, action: string): Finding[] => [
    { level: "problem", subject: "migrations", message, action },
  ];
  const { ran } = await readMigrationState(knex);
  try {
    mustBeKnown(ran, allMigrations);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return finding(error.message, "use the version that is named");
  }
  const pending = allMigrations.filter(({ name }) => !ran.includes(name));
  if (pending.length === 0) return [];
  return finding(
    ran.length === 0
      ? "Nettle has not migrated this database"
      : counted(pending.length, "migration has not run", "migrations have not run") +
          ` (${listed(pending.map(({ name }) => name))})`,
    `run ${commandLine("migrate")}; look first with ${commandLine("doctor --takeover URL")} if ` +
      "Medusa has built it",
  );
}

async function inspectIndexes(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(`
    select relname::text as name from pg_index join pg_class on pg_class.oid = indexrelid
    where not indisvalid and relnamespace = current_schema()::regnamespace
      and starts_with(relname, 'nettle_')`);
  return rows.map(({ name }) => ({
    level: "warning",
    subject: `index ${name}`,
    message: "its build was interrupted, so it is not used",
    action: `reindex index concurrently ${name}`,
  }));
}
