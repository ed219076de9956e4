import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Config } from "./config/config.ts";
import { demoPicturesDirectory } from "./demo/demo-pictures-directory.ts";
import { HourlyAllowance } from "./http/idempotency/hourly-allowance.ts";
import { IdempotencyKeys } from "./http/idempotency/idempotency-keys.ts";
import { attemptLimits, type EmailOf } from "./http/limits/attempt-limits.ts";
import { addressRateLimiter, serverRateLimiter } from "./http/limits/rate-limiter.ts";
import { docsPage } from "./http/openapi/docs-page.ts";
import type { ServerInfo } from "./http/openapi/openapi-document.ts";
import {
  type AnswerCheck,
  customersOnly,
  mountRoutes,
  unknownRoute,
} from "./http/routing/mount-routes.ts";
import type { Route } from "./http/routing/route.ts";
import { sendError } from "./http/routing/send-error.ts";
import { compress } from "./http/server/compress.ts";
import { health, readiness } from "./http/server/health.ts";
import { jsonBodies } from "./http/server/json-bodies.ts";
import type { Metrics } from "./http/server/metrics.ts";
import { pictures } from "./http/server/pictures.ts";
import { rawBodies } from "./http/server/raw-bodies.ts";
import { requestLog } from "./http/server/request-log.ts";
import { securityHeaders } from "./http/server/security-headers.ts";
import { storefrontOrigins } from "./http/server/storefront-origins.ts";
import type { Authentication } from "./http/sessions/authenticate.ts";
import { createSessionStore } from "./http/sessions/session-store.ts";
import { sessions } from "./http/sessions/sessions.ts";
import { parseQuery } from "./http/validation/query-string.ts";
import type { Log } from "./runtime/log.ts";
import { version } from "./runtime/version.ts";

/** What the app talks to. */
export interface Connections {
  readonly knex: Knex;
  /** Undefined keeps sessions in PostgreSQL and counts limits in this process. */
  readonly redis: Redis | undefined;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  /** Called with every answer before it is sent; tests compare it with the route's schema. */
  readonly onAnswer?: AnswerCheck | undefined;
}

/** What the app serves: the endpoints, and what it must ask about who is logged in. */
export interface MountedShop {
  readonly routes: readonly Route[];
  readonly isCurrent: Authentication["isCurrent"];
  readonly emailOf: EmailOf;
}

/** Builds the whole HTTP side: a request passes these handlers in this order. */
export function createApp(
  config: Config,
  connections: Connections,
  { routes, isCurrent, emailOf }: MountedShop,
): Express {
  const { knex, redis, log, metrics, onAnswer } = connections;
  const authentication = { secrets: config.secrets.jwt, isCurrent };
  const limitAttempts = attemptLimits(config.rateLimit, { redis, log }, emailOf);
  const idempotencyKeys = new IdempotencyKeys(knex, config.idempotencyHours, {
    answerBytes: config.bounds.storedAnswers.bytes,
    allowance: new HourlyAllowance(config.bounds.storedAnswers.hourlyBytes),
  });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", parseQuery);

  // Every request
  app.use(requestLog(log));
  if (metrics) app.use(metrics.observe);
  app.use(securityHeaders);

  // Probes of load balancers and supervisors
  app.get("/health", health);
  app.get("/ready", readiness(knex, redis));

  // API document, docs page, demo pictures
  if (config.compression.enabled) app.use(compress(config.compression));
  app.use(docsPage(routes, serverInfo(config)));
  app.use("/demo/pictures", pictures(demoPicturesDirectory()));

  // Webhooks: other companies' servers, without sessions, bodies unparsed
  app.use("/hooks", serverRateLimiter(config.rateLimit, { redis, log }));
  app.use("/hooks", rawBodies(config.bodyLimit));

  // Store API: storefronts and shoppers
  const sessionStore = createSessionStore(knex, redis, config.session.redisPrefix, log);
  app.use("/store", storefrontOrigins(config.storeOrigins));
  app.use("/store", addressRateLimiter(config.rateLimit, { redis, log }));
  app.use("/store", cookieParser());
  app.use("/store", sessions(config, sessionStore));
  app.use("/store", jsonBodies(config.bodyLimit));

  // The endpoints of both
  mountRoutes(app, routes, config, { authentication, limitAttempts, idempotencyKeys, onAnswer });

  // Every other request
  app.use("/store/customers", customersOnly(authentication));
  app.use(unknownRoute);
  app.use(sendError);
  return app;
}

function serverInfo({ publicUrl, session }: Config): ServerInfo {
  return { version, publicUrl, sessionCookie: session.cookieName };
}
