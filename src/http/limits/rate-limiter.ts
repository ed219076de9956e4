import { createHash } from "node:crypto";
import { BlockList, isIP } from "node:net";
import type { Request, RequestHandler } from "express";
import { type Options, rateLimit, type Store } from "express-rate-limit";
import type { Redis } from "ioredis";
import { type RedisReply, RedisStore } from "rate-limit-redis";
import type { Config } from "../../config/config.ts";
import { TooManyRequestsError } from "../../core/errors.ts";
import type { Log } from "../../runtime/log.ts";
import type { Route } from "../routing/route.ts";
import { RoutePatterns } from "../routing/route-patterns.ts";
import type { LimitSetting, ReportLimited } from "./limit-reports.ts";

/** How many requests from one address are accepted within a time. */
export interface Limit {
  /** Part of the keys in Redis; no two limits share a name. */
  readonly name: string;
  readonly setting: LimitSetting;
  readonly requests: number;
  readonly seconds: number;
}

/** Where requests are counted, and where failures and refusals are logged. */
export interface Counters {
  readonly redis: Redis | undefined;
  readonly log: Log;
  readonly reportLimited: ReportLimited;
  /** Counts without Redis; by default a store of its own. */
  readonly store?: Store | undefined;
}

/**
 * Returns the middleware for a limit: it sets `RateLimit` headers and fails with
 * TooManyRequestsError beyond the limit. It counts in Redis if there is one, otherwise in this
 * process. While Redis is unavailable, no request is refused.
 */
function rateLimiter(
  limit: Limit,
  config: Config["rateLimit"],
  { redis, log, store, reportLimited }: Counters,
): RequestHandler {
  if (!config.enabled) return (_req, _res, next) => next();
  const uncounted = uncountedNetworks(config);
  const options: Partial<Options> = {
    limit: limit.requests,
    windowMs: limit.seconds * 1000,
    standardHeaders: "draft-7",
    legacyHeaders: false,
    passOnStoreError: true,
    // An unavailable Redis is logged once, by its connection, not with each request.
    logger: {
      error: (...details) =>
        log.debug({ event: "rate_limit_not_counted", details }, "Counting a request failed"),
      warn: (...details) =>
        log.warn({ event: "rate_limit_warning", details }, "The rate limiter reports a problem"),
    },
    // Such an address stands for many shoppers.
    skip: (req) => isWithin(uncounted, req.ip),
    handler: (req, _res, next) => {
      const { setting, requests } = limit;
      reportLimited({ address: req.ip ?? "", setting, limit: requests, request: req.id });
      next(new TooManyRequestsError());
    },
  };
  if (store) options.store = store;
  if (redis) options.store = redisStore(redis, limit.name);
  return rateLimit(options);
}

/** Returns the store that counts a limit in Redis. */
export function redisStore(redis: Redis, name: string): RedisStore {
  return new RedisStore({ prefix: `nettle:limit:${name}:`, sendCommand: sendTo(redis) });
}

/**
 * Returns the limits for each client address: a generous one for reads of the catalogue, which a
 * storefront that is built sends by the thousand, and another one for all other requests.
 * `catalogueStore` counts the reads without Redis.
 */
export function addressRateLimiter(
  config: Config["rateLimit"],
  counters: Counters,
  routes: readonly Route[],
  catalogueStore: Store | undefined,
): RequestHandler {
  const patterns = new RoutePatterns(routes);
  const [requests, reads] = [config.requestsPerMinute, config.catalogueReadsPerMinute];
  const limitRequests = rateLimiter(
    { name: "address", setting: "RATE_LIMIT_REQUESTS", requests, seconds: 60 },
    config,
    counters,
  );
  const limitReads = rateLimiter(
    { name: "catalogue", setting: "RATE_LIMIT_CATALOGUE", requests: reads, seconds: 60 },
    config,
    { ...counters, store: catalogueStore },
  );
  return (req, res, next) => {
    const route = patterns.find(req.method, pathOf(req));
    const limit = route?.catalogue ? limitReads : limitRequests;
    return limit(req, res, (error?: unknown) => {
      // A refused request does not reach its route, and is logged all the same as one to it.
      if (error && route) res.locals["route"] = route.path;
      next(error);
    });
  };
}

function pathOf({ baseUrl, path }: Request): string {
  return baseUrl + path;
}

/**
 * Returns the limit for other companies' servers: as high, but counted separately, so that their
 * requests and those of shoppers do not use up each other's limit.
 */
export function serverRateLimiter(config: Config["rateLimit"], counters: Counters): RequestHandler {
  return rateLimiter(
    {
      ...{ name: "servers", setting: "RATE_LIMIT_REQUESTS" },
      ...{ requests: config.requestsPerMinute, seconds: 60 },
    },
    config,
    counters,
  );
}

/**
 * Sends the store's commands to Redis. The store loads its script once and keeps a failure for
 * ever, so this answers `SCRIPT LOAD` itself while Redis is unavailable: the answer is the script's
 * SHA-1. Once Redis is back and does not know the script, the store loads it again.
 */
function sendTo(redis: Redis) {
  return async (command: string, ...args: string[]): Promise<RedisReply> => {
    try {
      return (await redis.call(command, ...args)) as RedisReply;
    } catch (error) {
      if (command === "SCRIPT" && args[0] === "LOAD")
        return createHash("sha1").update(args[1]!).digest("hex");
      throw error;
    }
  };
}

const LOOPBACK = ["127.0.0.0/8", "::1"];

/**
 * Returns the addresses whose requests are not counted: trusted ones, and this machine, on which
 * the storefront's server may run. Their attempts at passwords and codes are counted all the same.
 */
export function uncountedNetworks({ trusted, countsLoopback }: Config["rateLimit"]): BlockList {
  return networksOf(countsLoopback ? trusted : [...trusted, ...LOOPBACK]);
}

/** Returns the addresses and networks of a list. */
export function networksOf(trusted: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of trusted) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    networks.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return networks;
}

/** Returns whether an address is in one of the networks. */
export function isWithin(networks: BlockList, address = ""): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  const family = isIP(plain);
  return family > 0 && networks.check(plain, family === 6 ? "ipv6" : "ipv4");
}
