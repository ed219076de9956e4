import { z } from "zod";
import { type Connections, createApp } from "../../src/app.ts";
import { type Config, readConfig } from "../../src/config/config.ts";
import { connectDatabase } from "../../src/database/database.ts";
import { Conflict, Duplicate, NotFound, SeveralFaults } from "../../src/errors.ts";
import { textOrList } from "../../src/http/query-unions.ts";
import { Reply } from "../../src/http/reply.ts";
import { route } from "../../src/http/route.ts";
import { createLog } from "../../src/log.ts";
import { gatherProviders } from "../../src/providers/providers.ts";

const anything = z.unknown();

/** Endpoints that repeat what reached them: the shell's own stories need no shop behind them. */
export const echoRoutes = [
  route("GET /store/things/:id", {
    summary: "Repeat an id and a query",
    caller: "anyone",
    catalogue: true,
    query: z.strictObject({ id: textOrList({ description: "Ids" }), q: z.string().optional() }),
    answers: { 200: anything },
    work: ({ params, query }) => ({ id: params.id, query }),
  }),
  route("POST /store/things", {
    summary: "Repeat a body",
    caller: "anyone",
    body: z.looseObject({}),
    answers: { 200: anything },
    work: ({ body }) => ({ body }),
  }),
  route("POST /store/things/:id", {
    summary: "An address beside a fixed one",
    caller: "anyone",
    answers: { 200: anything },
    work: ({ params }) => ({ id: params.id }),
  }),
  route("POST /store/things/search", {
    summary: "A fixed address",
    caller: "anyone",
    answers: { 200: anything },
    work: () => ({ search: true }),
  }),
  route("GET /store/customers/me", {
    summary: "Who is logged in",
    caller: "customer",
    answers: { 200: anything },
    work: ({ call }) => ({ customer: call.customerId }),
  }),
  route("POST /store/customers/me", {
    summary: "A body that only customers may send",
    caller: "customer",
    body: z.strictObject({ name: z.string("name must be a string") }),
    answers: { 200: anything },
    work: ({ body }) => body,
  }),
  route("POST /store/auth", {
    summary: "Log in as whoever is named",
    caller: "anyone",
    body: z.strictObject({ customer: z.string() }),
    answers: { 200: anything },
    work: async ({ body, call }) => {
      await call.session.logIn(body.customer, 0);
      return { customer: body.customer };
    },
  }),
  route("DELETE /store/auth", {
    summary: "Log out",
    caller: "anyone",
    answers: { 200: z.string() },
    work: async ({ call }) => {
      await call.session.logOut();
      return new Reply(200, "OK");
    },
  }),
  route("GET /store/failures/:kind", {
    summary: "Fail in a way",
    caller: "anyone",
    answers: { 200: anything },
    work: ({ params }) => {
      throw failures[params.kind]!();
    },
  }),
];

const failures: Record<string, () => unknown> = {
  missing: () => new NotFound("Thing with id: x was not found"),
  duplicate: () => new Duplicate("It exists already"),
  conflict: () => new Conflict("It changed meanwhile"),
  several: () => new SeveralFaults(["one", "two"], "Two faults"),
  database: () => Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" }),
  surprise: () => new Error("password hunter2 is wrong"),
};

const NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere";

/** A configuration as a shop gives it; the database is away unless one is named. */
export function aConfig(changes: Record<string, string> = {}): Config {
  return readConfig({
    DATABASE_URL: NOWHERE,
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    STORE_CORS: "http://localhost:8000",
    LOG_LEVEL: "silent",
    ...changes,
  });
}

/** The shell around the echo endpoints, on a database that is away unless one is given. */
export function aShell(changes: Record<string, string> = {}, given: Partial<Connections> = {}) {
  const config = aConfig(changes);
  const knex = given.knex ?? connectDatabase(nowhere);
  const connections = { knex, providers: gatherProviders(10), redis: given.redis, log: given.log ?? createLog(config.logLevel) };
  return { knex, app: createApp(config, connections, echoRoutes, async () => true) };
}

const nowhere = {
  url: NOWHERE,
  poolSize: 2,
  prepare: true,
  statementTimeout: 5_000,
  lockTimeout: 5_000,
  idleInTransactionTimeout: 5_000,
  acquireTimeout: 2_000,
};
