import { z } from "zod";
import { type Connections, createApp } from "../../src/app.ts";
import { type Config, readConfig } from "../../src/config/config.ts";
import {
  ConflictError,
  DuplicateError,
  MultipleErrors,
  NotFoundError,
} from "../../src/core/errors.ts";
import { connectDatabase } from "../../src/database/connect-database.ts";
import { Reply } from "../../src/http/routing/reply.ts";
import { route } from "../../src/http/routing/route.ts";
import { textOrList } from "../../src/http/validation/query-unions.ts";
import { createLog } from "../../src/runtime/log.ts";

const anything = z.unknown();

/** Endpoints that return what they receive. Tests of the HTTP layer need no shop. */
export const echoRoutes = [
  route("GET /store/things/:id", {
    summary: "Return the id and the query",
    access: "anyone",
    catalogue: true,
    query: z.strictObject({ id: textOrList({ description: "Ids" }), q: z.string().optional() }),
    answers: { 200: anything },
    handler: ({ params, query }) => ({ id: params.id, query }),
  }),
  route("POST /store/things", {
    summary: "Return the body",
    access: "anyone",
    body: z.looseObject({}),
    answers: { 200: anything },
    handler: ({ body }) => ({ body }),
  }),
  route("POST /store/things/:id", {
    summary: "A path with a parameter",
    access: "anyone",
    answers: { 200: anything },
    handler: ({ params }) => ({ id: params.id }),
  }),
  route("POST /store/things/search", {
    summary: "A fixed path",
    access: "anyone",
    answers: { 200: anything },
    handler: () => ({ search: true }),
  }),
  route("GET /store/customers/me", {
    summary: "Return the logged-in customer",
    access: "customer",
    answers: { 200: anything },
    handler: ({ ctx }) => ({ customer: ctx.customerId }),
  }),
  route("POST /store/customers/me", {
    summary: "Return a body that only customers may send",
    access: "customer",
    body: z.strictObject({ name: z.string("name must be a string") }),
    answers: { 200: anything },
    handler: ({ body }) => body,
  }),
  route("POST /store/auth", {
    summary: "Log in as the named customer",
    access: "anyone",
    body: z.strictObject({ customer: z.string() }),
    answers: { 200: anything },
    handler: async ({ body, ctx }) => {
      await ctx.session.logIn(body.customer, 0);
      return { customer: body.customer };
    },
  }),
  route("DELETE /store/auth", {
    summary: "Log out",
    access: "anyone",
    answers: { 200: z.string() },
    handler: async ({ ctx }) => {
      await ctx.session.logOut();
      return new Reply(200, "OK");
    },
  }),
  route("GET /store/failures/:kind", {
    summary: "Throw an error",
    access: "anyone",
    answers: { 200: anything },
    handler: ({ params }) => {
      throw failures[params.kind]!();
    },
  }),
];

const failures: Record<string, () => unknown> = {
  missing: () => new NotFoundError("Thing with id: x was not found"),
  duplicate: () => new DuplicateError("It exists already"),
  conflict: () => new ConflictError("It changed meanwhile"),
  several: () => new MultipleErrors(["one", "two"], "Two faults"),
  database: () =>
    Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" }),
  surprise: () => new Error("password hunter2 is wrong"),
};

const UNREACHABLE_URL = "postgres://nobody@127.0.0.1:1/nowhere";

/** Returns a shop's configuration. Its database is unreachable unless one is given. */
export function testConfig(changes: Record<string, string> = {}): Config {
  return readConfig({
    DATABASE_URL: UNREACHABLE_URL,
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    STORE_CORS: "http://localhost:8000",
    LOG_LEVEL: "silent",
    ...changes,
  });
}

/**
 * Creates the HTTP app around the echo endpoints. Its database is unreachable unless one is given.
 */
export function createEchoApp(
  changes: Record<string, string> = {},
  overrides: Partial<Connections> = {},
) {
  const config = testConfig(changes);
  const knex = overrides.knex ?? connectDatabase(unreachableDatabase);
  const connections = {
    knex,
    redis: overrides.redis,
    log: overrides.log ?? createLog(config.logLevel),
  };
  return {
    knex,
    app: createApp(config, connections, {
      routes: echoRoutes,
      isCurrent: async () => true,
      emailOf: async () => undefined,
    }),
  };
}

const unreachableDatabase = {
  url: UNREACHABLE_URL,
  poolSize: 2,
  prepare: "on" as const,
  statementTimeout: 5_000,
  lockTimeout: 5_000,
  idleInTransactionTimeout: 5_000,
  acquireTimeout: 2_000,
};
