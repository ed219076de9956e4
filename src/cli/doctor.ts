import type { Knex } from "knex";
import { type Config, loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { openDatabase } from "../database/open-database.ts";
import { type Finding, hasProblems, splitAdvice, toText } from "../doctor/finding.ts";
import { inspectDatabase } from "../doctor/inspect-database.ts";
import { inspectProviders, inspectTakeover } from "../doctor/inspect-takeover.ts";
import { runChecks } from "../doctor/run-checks.ts";
import { loadConfiguredProviders } from "../providers/load-configured-providers.ts";
import { commandLine } from "../runtime/command-line.ts";
import { createLog } from "../runtime/log.ts";
import { connectRedis } from "../runtime/redis.ts";
import { FAILED } from "./exit-codes.ts";

interface Options {
  /** The URL of a database that may be adopted. Undefined: the configuration is examined. */
  readonly takeover?: string;
  readonly json?: boolean;
}

/**
 * Prints what is wrong with the configuration, or what an adoption of a database would do, each
 * with what to do about it. Changes nothing. The exit code is 1 if there is a problem.
 */
export async function doctor({ takeover, json = false }: Options): Promise<void> {
  const findings = takeover ? await examineTakeover(takeover) : await examineConfiguration();
  const healthy = !hasProblems(findings);
  console.log(json ? JSON.stringify({ healthy, findings }, null, 2) : toText(findings));
  if (!healthy) process.exitCode = FAILED;
}

async function examineTakeover(url: string): Promise<Finding[]> {
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url))
    throw new StartupError(
      "--takeover needs the URL of a database: postgres://user:password@host:5432/name",
    );
  const config = loadConfig("database");
  return examine(config, url, async (knex) => inspectTakeover(knex, await providersOf(config)));
}

async function examineConfiguration(): Promise<Finding[]> {
  const findings: Finding[] = [];
  const config = refusalsInto(findings, () => loadConfig());
  const usable = config ?? refusalsInto([], () => loadConfig("database"));
  if (!usable) return findings;
  for (const warning of usable.warnings)
    findings.push({ level: "warning", subject: "settings", ...splitAdvice(warning) });
  findings.push(...(await examineRedis(usable)));
  const { url } = usable.database;
  if (!url)
    findings.push({
      level: "note",
      subject: "database",
      message: `DATABASE_URL is not set: ${commandLine("serve")} starts the demo shop`,
      action: "set DATABASE_URL to use a database of your own",
    });
  else
    findings.push(
      ...(await examine(usable, url, async (knex) => {
        const found = await inspectDatabase(knex);
        if (hasProblems(found)) return found;
        const providers = await providersOf(usable);
        const missing = await runChecks(knex, [
          { subject: "providers", run: (trx) => inspectProviders(trx, providers) },
        ]);
        return [...found, ...missing];
      })),
    );
  return findings;
}

/** Calls `load`; the sentences that it refuses with become findings. */
function refusalsInto(findings: Finding[], load: () => Config): Config | undefined {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    for (const line of error.message.split("\n").slice(1))
      findings.push({ level: "problem", subject: "settings", ...splitAdvice(line.trim()) });
    return undefined;
  }
}

async function examineRedis({ redisUrl, workers }: Config): Promise<Finding[]> {
  if (!redisUrl) {
    if (workers === 1) return [];
    return [
      {
        ...{ level: "warning", subject: "Redis" },
        message: "REDIS_URL is not set, and several processes share no limits without it",
        action: "set REDIS_URL",
      },
    ];
  }
  try {
    (await connectRedis(redisUrl, createLog("silent"))).disconnect();
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const action = "start Redis, or correct REDIS_URL; sessions and limits are kept there";
    return [{ level: "problem", subject: "Redis", action, ...splitAdvice(error.message) }];
  }
}

/** Opens a database for reading only. A database that cannot be used is a finding. */
async function examine(
  config: Config,
  url: string,
  read: (knex: Knex) => Promise<Finding[]>,
): Promise<Finding[]> {
  let knex: Knex;
  try {
    knex = await openDatabase(config.database, url);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const action = "check host, port, name, user and password in the URL";
    return [{ level: "problem", subject: "database", message: error.message, action }];
  }
  try {
    return await read(knex);
  } finally {
    await knex.destroy();
  }
}

const providersOf = (config: Config) => loadConfiguredProviders(config, createLog("silent"));
