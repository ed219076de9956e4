import type { Knex } from "knex";
import { catalogueTables } from "../../migrations/1440-catalogue-notifications.ts";
import { baselineMigrations, laterMigrations } from "../../migrations/index.ts";
import { counted } from "../core/counted.ts";
import { StartupError } from "../core/startup-error.ts";
import { mustBeKnown, mustBeRecent, readMigrationState } from "../database/migration-state.ts";
import { commandLine } from "../runtime/command-line.ts";
import type { Finding } from "./finding.ts";
import { type Check, runChecks } from "./run-checks.ts";

const allMigrations = [...baselineMigrations, ...laterMigrations];
const MAX_NAMES = 4;
/** Leases and the ends of price lists are compared with the database's clock. */
const MAX_SKEW_MS = 2_000;

const checks: readonly Check[] = [
  { subject: "triggers", run: inspectTriggers },
  { subject: "indexes", run: inspectIndexes },
];

/** Reads what is wrong with the database of a server. Writes nothing. */
export async function inspectDatabase(knex: Knex): Promise<Finding[]> {
  const first = await runChecks(knex, [
    { subject: "clock", run: inspectClock },
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
  const now = rows[0]!.now;
  const skew = now < sentAt ? sentAt - now : Math.max(now - receivedAt, 0);
  if (skew < MAX_SKEW_MS) return [];
  return [
    {
      level: "problem",
      subject: "clock",
      message: `the clocks of this machine and of the database differ by ${counted(Math.round(skew / 1000), "second")}`,
      action: "set both by NTP: sessions, price lists and payments depend on the time",
    },
  ];
}

async function inspectMigrations(knex: Knex): Promise<Finding[]> {
  const finding = (message: string, action: string): Finding[] => [
    { level: "problem", subject: "migrations", message, action },
  ];
  const { ran, serverVersion } = await readMigrationState(knex);
  try {
    mustBeRecent(serverVersion);
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

async function inspectTriggers(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{ rows: { table: string; name: string; enabled: string }[] }>(`
    select tgrelid::regclass::text as table, tgname::text as name, tgenabled::text as enabled
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and relnamespace = current_schema()::regnamespace
      and starts_with(tgname, 'nettle_')
    order by 1, 2`);
  const off = rows.filter(({ enabled }) => enabled === "D");
  const lacking = catalogueTables.filter(
    (table) => !rows.some((row) => row.table === table && row.name === "nettle_catalogue_change"),
  );
  const findings: Finding[] = off.map(({ table, name }) => ({
    level: "problem",
    subject: `trigger ${name}`,
    message: `it is switched off on ${table}: changes there are not seen`,
    action: `alter table ${table} enable always trigger ${name}`,
  }));
  if (lacking.length > 0)
    findings.push({
      level: "problem",
      subject: "triggers",
      message: `they are missing on ${listed(lacking)}: changes there are not seen`,
      action:
        `stop the servers, run ${commandLine("migrate --undo")} ` +
        `and then ${commandLine("migrate")}`,
    });
  return findings;
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

function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
}
