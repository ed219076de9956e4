import type { Knex } from "knex";
import { catalogueTables } from "../../migrations/1440-catalogue-notifications.ts";
import { commandLine } from "../runtime/command-line.ts";
import type { Finding } from "./finding.ts";
import { listed } from "./listed.ts";

/** Which changes a trigger misses, by PostgreSQL's letter for when it fires. `A` is always. */
const unseenChanges: Readonly<Record<string, string>> = {
  D: ": changes there are not seen",
  O: " for a replication: changes that it makes there are not seen",
  R: ", except for a replication: other changes there are not seen",
};

/** They count what a server of the shop writes, and leave what a replication copies as it is. */
const ofOriginOnly = ["nettle_count_uses", "nettle_note_uses"];

/** Returns which of Nettle's triggers are missing, or do not see every change. */
export async function inspectTriggers(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{ rows: { table: string; name: string; enabled: string }[] }>(`
    select tgrelid::regclass::text as table, tgname::text as name, tgenabled::text as enabled
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and relnamespace = current_schema()::regnamespace
      and starts_with(tgname, 'nettle_')
    order by 1, 2`);
  const lacking = catalogueTables.filter(
    (table) => !rows.some((row) => row.table === table && row.name === "nettle_catalogue_change"),
  );
  const findings: Finding[] = rows.flatMap(({ table, name, enabled }) => {
    const isAlways = !ofOriginOnly.includes(name);
    const unseen = isAlways || enabled !== "O" ? unseenChanges[enabled] : undefined;
    if (!unseen) return [];
    return {
      level: "problem",
      subject: `trigger ${name}`,
      message: `it is switched off on ${table}${unseen}`,
      action: `alter table ${table} enable ${isAlways ? "always " : ""}trigger ${name}`,
    };
  });
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

interface ReplicaSetting {
  /** Empty for all roles of the database. */
  readonly role: string;
  readonly reset: string;
  /** Whether it is in force for this program. */
  readonly own: boolean;
}

/**
 * Returns whether sessions skip foreign keys and triggers. Nettle's own triggers fire always, but
 * Medusa and its plugins rely on theirs.
 */
export async function inspectReplicationRole(knex: Knex): Promise<Finding[]> {
  const settings = await readReplicaSettings(knex);
  const { rows } = await knex.raw<{ rows: { own: string }[] }>(
    "select current_setting('session_replication_role') as own",
  );
  const findings = settings.map(({ role, reset, own }): Finding => {
    const who = role === "" ? "every role of this database" : `the role ${role}`;
    return {
      level: own ? "problem" : "warning",
      subject: "session_replication_role",
      message: `it is replica for ${who}: foreign keys are not checked, most triggers do not fire`,
      action: `${reset}, and connect again`,
    };
  });
  if (rows[0]?.own !== "replica" || settings.some(({ own }) => own)) return findings;
  const message = "it is replica on this server: foreign keys are not checked";
  const action = "set session_replication_role = origin where the server is configured";
  return [...findings, { level: "problem", subject: "session_replication_role", message, action }];
}

async function readReplicaSettings(knex: Knex): Promise<ReplicaSetting[]> {
  const { rows } = await knex.raw<{ rows: ReplicaSetting[] }>(`
    select coalesce(rolname::text, '') as role,
      case when rolname is null then format('alter database %I', current_database())
        when setdatabase = 0 then format('alter role %I', rolname)
        else format('alter role %I in database %I', rolname, current_database()) end
        || ' reset session_replication_role' as reset,
      coalesce(rolname = current_user, true) as own
    from pg_db_role_setting left join pg_roles on pg_roles.oid = setrole
    where 'session_replication_role=replica' = any(setconfig)
      and setdatabase in (0, (select oid from pg_database where datname = current_database()))
    order by 1, 2`);
  return rows;
}
