import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Config } from "./config/config.ts";
import { demoPicturesDirectory } from "./demo/demo-pictures-directory.ts";
import { HourlyAllowance } from "./http/idempotency/hourly-allowance.ts";
import { IdempotencyKeys } from "./http/idempotency/idempotency-keys.ts";
import { attemptLimits } from "./http/limits/attempt-limits.ts";
import { addressRateLimiter, serverRateLimiter } from "./http/limits/rate-limiter.ts";
import { docsPage } from "./http/openapi/docs-page.ts";
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
  /** Without it sessions are kept in PostgreSQL and limits are counted in this process. */
  readonly redis: Redis | undefined;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  /** Told of every answer before it is sent; tests hold it against the route's schema. */
  readonly onAnswer?: AnswerCheck | undefined;
}

/** What the app serves: the endpoints, and the check that a credential is still valid. */
export interface MountedShop {
  readonly routes: readonly Route[];
  readonly isCurrent: Authentication["isCurrent"];
}

/** The whole HTTP side: what every request passes, in this order. */
export function createApp(
  config: Config,
  connections: Connections,
  { routes, isCurrent }: MountedShop,
): Express {
  const { knex, redis, log, metrics, onAnswer } = connections;
  const authentication = { secrets: config.secrets.jwt, isCurrent };
  const countAttempt = attemptLimits(config.rateLimit, { redis, log });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", parseQuery);

  app.use(requestLog(log));
  if (metrics) app.use(metrics.observe);
  app.use(securityHeaders);
  app.get("/health", health);
  app.get("/ready", readiness(knex, redis));
  if (config.compression.enabled) app.use(compress(config.compression));
  app.use(
    docsPage(routes, {
      version,
      publicUrl: config.publicUrl,
      sessionCookie: config.session.cookieName,
    }),
  );
  app.use("/demo/pictures", pictures(demoPicturesDirectory()));

  app.use(
    "/hooks",
    serverRateLimiter(config.rateLimit, { redis, log }),
    rawBodies(config.bodyLimit),
  );
  app.use("/store", storefrontOrigins(config.storeOrigins));
  app.use("/store", addressRateLimiter(config.rateLimit, { redis, log }));
  app.use("/store", cookieParser());
  app.use(
    "/store",
    sessions(config, createSessionStore(knex, redis, config.session.redisPrefix, log)),
  );
  app.use("/store", jsonBodies(config.bodyLimit));
  const idempotencyKeys = new IdempotencyKeys(knex, config.idempotencyHours, {
    answerBytes: config.bounds.storedAnswers.bytes,
    allowance: new HourlyAllowance(config.bounds.storedAnswers.hourlyBytes),
  });
  mountRoutes(app, routes, config, { authentication, countAttempt, idempotencyKeys, onAnswer });
  app.use("/store/customers", customersOnly(authentication));

  app.use(unknownRoute);
  app.use(sendError);
  return app;
}
