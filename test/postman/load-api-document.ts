import supertest from "supertest";
import { createApp } from "../../src/app.ts";
import { composeShop } from "../../src/compose.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { createEchoApp, testConfig } from "../http/create-echo-app.ts";

/** Returns the API document of the whole shop. Needs no database. */
export async function loadApiDocument(): Promise<Record<string, unknown>> {
  const { knex } = createEchoApp();
  const connections = {
    knex,
    redis: undefined,
    providers: createProviders(10),
    log: createLog("silent"),
  };
  return (
    await supertest(
      createApp(testConfig(), connections, composeShop(testConfig(), connections)),
    ).get("/openapi.json")
  ).body;
}
