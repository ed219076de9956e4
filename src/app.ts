import type { RequestListener } from "node:http";
import express from "express";
import type { Store } from "express-session";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { CatalogueMemory } from "./catalogue-memory/catalogue-memory.ts";
import type { Config } from "./config/config.ts";
import { demoPicturesDirectory } from "./demo/demo-pictures-directory.ts";
import { CatalogueFront } from "./http/catalogue/catalogue-front.ts";
import type { CatalogueContext } from "./http/catalogue/read-catalogue.ts";
import { lookUpShopper } from "./http/catalogue/shopper.ts";
import { fallback } from "./http/fallback/fallback.ts";
import { HourlyAllowance } from "./http/idempotency/hourly-allowance.ts";
import { IdempotencyKeys } from "./http/idempotency/idempotency-keys.ts";
import { attemptLimits, type EmailOf } from "./http/limits/attempt-limits.ts";
import { limitReports } from "./http/limits/limit-reports.ts";
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
import type { FollowedPictures } from "./http/server/followed-pictures.ts";
import { health, readiness } from "./http/server/health.ts";
import { jsonBodies } from "./http/server/json-bodies.ts";
import { landingPage } from "./http/server/landing-page.ts";
import type { Metrics } from "./http/server/metrics.ts";
import { pictures } from "./http/server/pictures.ts";
import { rawBodies } from "./http/server/raw-bodies.ts";
import { type LogRequest, requestLines } from "./http/server/request-lines.ts";
import { requestLog } from "./http/server/request-log.ts";
import { securityHeaders } from "./http/server/security-headers.ts";
import { storefrontOrigins } from "./http/server/storefront-origins.ts";
import type { Authentication } from "./http/sessions/authenticate.ts";
import { createSessionStore } from "./http/sessions/session-store.ts";
import { sessions } from "./http/sessions/sessions.ts";
import { textCookies } from "./http/sessions/text-cookies.ts";
import { parseQuery } from "./http/validation/query-string.ts";
import type { Landing } from "./landing/landing.ts";
import { landingAssetsDirectory } from "./landing/landing-assets-directory.ts";
import type { Log } from "./runtime/log.ts";
import { version } from "./runtime/version.ts";

/** What the app talks to. */
export interface Connections {
  readonly knex: Knex;
  /** Undefined keeps sessions in PostgreSQL and counts limits in this process. */
  readonly redis: Redis | undefined;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  /** Undefined reads the catalogue from the database with each request. */
  readonly memory?: CatalogueMemory | undefined;
  /** Lets the pictures of the demo shop follow the address; undefined in any other shop. */
  readonly pictures?: FollowedPictures | undefined;
  /** What `/` shows; undefined answers 404. */
  readonly landing?: Landing | undefined;
  /** Called with every answer before it is sent; tests compare it with the route's schema. */
  readonly onAnswer?: AnswerCheck | undefined;
}

/** What the app serves: the endpoints, and what it must ask about who is logged in. */
export interface MountedShop {
  readonly routes: readonly Route[];
  readonly isCurrent: Authentication["isCurrent"];
  readonly emailOf: EmailOf;
  /** Required for a memory. */
  readonly catalogue?: CatalogueContext | undefined;
  /** What `/ready` answers in addition, while the database is up. */
  readonly details?: () => Promise<object>;
}

/** Where other companies' servers call. */
const HOOKS = ["/hooks", "/stripe/hooks"];

/**
 * Builds the whole HTTP side: a request passes these handlers in this order, unless the memory of
 * the catalogue answers it before.
 */
export function createApp(
  config: Config,
  connections: Connections,
  { routes, isCurrent, emailOf, details, catalogue: context }: MountedShop,
): RequestListener {
  const { knex, redis, log, metrics, memory, landing, pictures: followed, onAnswer } = connections;
  const sessionStore = createSessionStore(knex, redis, config.session.redisPrefix, log);
  const logRequest = requestLines(log);
  const front = openFront(config, connections, routes, {
    context,
    store: redis && sessionStore,
    logRequest,
  });
  const authentication = { secrets: config.secrets.jwt, isCurrent };
  const counters = { redis, log, reportLimited: limitReports(log) };
  const limitAttempts = attemptLimits(config.rateLimit, counters, emailOf);
  const idempotencyKeys = new IdempotencyKeys(knex, config.idempotencyHours, {
    answerBytes: config.bounds.storedAnswers.bytes,
    allowance: new HourlyAllowance(config.bounds.storedAnswers.hourlyBytes),
  });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", parseQuery);

  // Every request
  app.use(requestLog(log, logRequest));
  if (metrics) app.use(metrics.observe);
  const limitAddresses = addressRateLimiter(config.rateLimit, counters, routes, front?.addresses);
  if (config.fallback) app.use(fallback(config.fallback, routes, limitAddresses));
  app.use(securityHeaders);

  // Probes of load balancers and supervisors
  app.get("/health", health);
  app.get("/ready", readiness(knex, redis, details));

  // API document, docs page, demo pictures
  if (config.compression.enabled) app.use(compress(config.compression));
  app.use(docsPage(routes, serverInfo(config)));
  app.use("/demo/pictures", pictures(demoPicturesDirectory()));
  if (landing) app.use(landingPage({ ...landingOptions(config), open: (at) => landing.open(at) }));

  // Webhooks: other companies' servers, without sessions, bodies unparsed
  app.use(HOOKS, serverRateLimiter(config.rateLimit, counters));
  app.use(HOOKS, rawBodies(config.bodyLimit));

  // Store API: storefronts and shoppers
  app.use("/store", storefrontOrigins(config.storeOrigins));
  app.use("/store", limitAddresses);
  app.use("/store", textCookies());
  app.use("/store", sessions(config, sessionStore));
  app.use("/store", jsonBodies(config.bodyLimit));

  // The endpoints of both
  const catalogue = { context, memory, front, pictures: followed };
  mountRoutes(app, routes, config, {
    ...{ authentication, limitAttempts, idempotencyKeys, onAnswer, catalogue },
  });

  // Every other request
  app.use("/store/customers", customersOnly(authentication));
  app.use(unknownRoute);
  app.use(sendError);
  return front ? front.inFrontOf(app) : app;
}

/** What answers from memory need besides. */
interface FrontNeeds {
  readonly context: CatalogueContext | undefined;
  /** Where sessions are, if they are not in the database. */
  readonly store: Store | undefined;
  readonly logRequest: LogRequest;
}

/** Returns what answers from memory. */
function openFront(
  config: Config,
  { memory, metrics, pictures }: Connections,
  routes: readonly Route[],
  { context, store, logRequest }: FrontNeeds,
): CatalogueFront | undefined {
  if (!memory || !context) return;
  const lookUp = lookUpShopper(context.findShopper, config.secrets.jwt, store);
  return new CatalogueFront({ memory, config, routes, lookUp, metrics, logRequest, pictures });
}

function landingOptions({ publicUrl, isPublicUrlSet }: Config) {
  return { publicUrl, isPublicUrlSet, assets: landingAssetsDirectory() };
}

function serverInfo({ publicUrl, session }: Config): ServerInfo {
  return { version, publicUrl, sessionCookie: session.cookieName };
}
