import { createApp } from "../../src/app.ts";
import { createHttpServer, listen } from "../../src/http/create-http-server.ts";
import { createLog } from "../../src/log.ts";
import { gatherProviders } from "../../src/providers/providers.ts";
import { aConfig } from "../http/shell.ts";
import { tillRoutes } from "../http/till.ts";
import { connect } from "./database-server.ts";

/** The till in a process of its own, for stories about several and about sudden ends: `run-till.js <database> <dies|lives>`. */
const [databaseUrl = "", fate] = process.argv.slice(2);
const knex = connect(databaseUrl);
const die = () => process.kill(process.pid, "SIGKILL");
const routes = tillRoutes(knex, fate === "dies" ? die : undefined);
const config = aConfig({ RATE_LIMIT: "off" });
const connections = { knex, redis: undefined, providers: gatherProviders(10), log: createLog("silent") };
const server = createHttpServer(createApp(config, connections, routes), config.http);
process.stdout.write(`http://127.0.0.1:${await listen(server, 0, "127.0.0.1")}\n`);
