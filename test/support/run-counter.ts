import { createApp } from "../../src/app.ts";
import { credentialCheck } from "../../src/domains/auth/credential-check.ts";
import { createHttpServer, listen } from "../../src/http/server/create-http-server.ts";
import { createLog } from "../../src/runtime/log.ts";
import { counterRoutes } from "../http/counter-routes.ts";
import { testConfig } from "../http/create-echo-app.ts";
import { connect } from "./database-server.ts";

/** Serves the counters in a process of its own: `<database> <normal|killed-after-commit>`. */
const [databaseUrl = "", mode] = process.argv.slice(2);
const knex = connect(databaseUrl);
const killSelf = () => process.kill(process.pid, "SIGKILL");
const routes = counterRoutes(knex, mode === "killed-after-commit" ? killSelf : undefined);
const config = testConfig({ RATE_LIMIT: "off" });
const connections = { knex, redis: undefined, log: createLog("silent") };
const server = createHttpServer(
  createApp(config, connections, {
    routes,
    isCurrent: credentialCheck(knex),
    emailOf: async () => undefined,
  }),
  config.http,
  config.bounds.unread,
);
process.stdout.write(`http://127.0.0.1:${await listen(server, 0, "127.0.0.1")}\n`);
