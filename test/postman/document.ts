import supertest from "supertest";
import { createApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { gatherProviders } from "../../src/providers/providers.ts";
import { aConfig, aShell } from "../http/shell.ts";

/** The API document of the whole shop; needs no database. */
export async function shopsDocument(): Promise<Record<string, unknown>> {
  const { knex } = aShell();
  const connections = { knex, redis: undefined, providers: gatherProviders(10), log: createLog("silent") };
  return (await supertest(createApp(aConfig(), connections)).get("/openapi.json")).body;
}
