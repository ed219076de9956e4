import { randomBytes } from "node:crypto";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { installMedusa } from "../test/medusa/install-medusa.ts";
import { proveTakeover } from "../test/medusa/takeover/prove-takeover.ts";
import { runSql } from "../test/medusa/takeover/run-sql.ts";
import { obstacleToDump } from "../test/medusa/takeover/schema-dump.ts";
import { shopKinds } from "../test/medusa/takeover/shop-kinds.ts";
import { type Step, Steps } from "../test/medusa/takeover/steps.ts";
import { buildProgram } from "../test/start/build-program.ts";
import { Closers } from "../test/support/closers.ts";
import { executeOnServer, urlOf } from "../test/support/database-server.ts";
import { findRedis } from "../test/support/redis-server.ts";
import { openDatabaseServer } from "./side-by-side/database.ts";

/** Takes shops of a real Medusa over and gives them back, and takes the time; see README. */
const kinds = Object.keys(shopKinds) as (keyof typeof shopKinds)[];
const { values } = parseArgs({
  options: { database: { type: "string" }, dump: { type: "string" } },
});
const chosen = kinds.filter(
  (kind) => kind === (values.database ?? (values.dump && "shop") ?? kind),
);
if (chosen.length === 0 || (values.dump && chosen.join() !== "shop")) {
  console.error(`usage: npm run prove:takeover -- [--database=${kinds.join("|")}] [--dump=FILE]`);
  console.error("--dump restores a database of Medusa 1.20.11 from a file of SQL, as shop");
  process.exit(2);
}

const closers = new Closers();
await closers.runToEnd(prove, (error) =>
  error instanceof Error ? `FAILED ${error.message}` : error,
);

async function prove(): Promise<void> {
  const server = await openDatabaseServer(closers);
  const obstacle = await obstacleToDump(server);
  if (obstacle) throw new Error(obstacle);
  const redis = await findRedis();
  if (redis) closers.add(() => redis.stop());
  else console.error("There is no Redis: both servers keep sessions without it");
  const medusaHome = installMedusa();
  const nettle = buildProgram();
  closers.add(() => nettle.remove());
  const [machine] = await runSql(server, "select current_setting('server_version') as version");
  console.log(
    `${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.version}, ` +
      `PostgreSQL ${machine?.["version"]}`,
  );
  for (const kind of chosen) {
    const name = `nettle_takeover_${randomBytes(4).toString("hex")}`;
    await executeOnServer(server, `create database ${name}`);
    closers.add(() => executeOnServer(server, `drop database if exists ${name} with (force)`));
    const place = {
      medusaHome,
      databaseUrl: urlOf(server, name),
      redisUrl: redis?.url ?? "",
    };
    console.log(`\n${values.dump ?? kind}`);
    const steps = new Steps((step) => console.log(lineOf(step)));
    const tools = { nettle, steps, dump: values.dump, sample: 100, aloneSeconds: 10 };
    await proveTakeover(shopKinds[kind], place, tools);
  }
  console.log("\nAll steps are proved");
}

function lineOf({ name, seconds, note }: Step): string {
  return `${seconds.toFixed(1).padStart(8)} s  ${name.padEnd(46)} ${note}`;
}
