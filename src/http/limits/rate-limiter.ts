import { createHash } from "node:crypto";
import { BlockList, isIP } from "node:net";
import type { Request, RequestHandler } from "express";
import { type Options, rateLimit } from "express-rate-limit";
import type { Redis } from "ioredis";
import { type RedisReply, RedisStore } from "rate-limit-redis";
import type { Config } from "../../config/config.ts";
import { TooManyRequestsError } from "../../core/errors.ts";
import type { Log } from "../../runtime/log.ts";

/** One limit: how many requests in how long for all that share a key. */
export interface Limit {
  /** Names it in Redis; no two limits share a name. */
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
  /** What is counted together; left out, the client's address. */
  readonly keyOf?: (req: Request) => string;
}

/** Where limits are counted, and told of. */
export interface Counters {
  readonly redis: Redis | undefined;
  readonly log: Log;
}

/**
 * Middleware for a limit: `RateLimit` headers, and 429 in the API's own words beyond it. Counted in
 * Redis where there is one, otherwise in this process. While Redis is away nobody is refused.
 */
export function rateLimiter(
  limit: Limit,
  config: Config["rateLimit"],
  { redis, log }: Counters,
): RequestHandler {
  if (!config.enabled) return (_req, _res, next) => next();
  const trusted = networksOf(config.trusted);
  const options: Partial<Options> = {
    limit: limit.requests,
    windowMs: limit.seconds * 1000,
    standardHeaders: "draft-7",
    legacyHeaders: false,
    passOnStoreError: true,
    // That Redis is away is logged once, where it is connected, not with each request.
    logger: {
      error: (...words) => log.debug({ words }, "A limit could not be counted"),
      warn: (...words) => log.warn({ words }, "A limit warns"),
    },
    // An address is trusted not to be one shopper's; that says nothing of what else is counted.
    skip: (req) => !limit.keyOf && isWithin(trusted, req.ip),
    handler: (_req, _res, next) => next(new TooManyRequestsError()),
  };
  if (limit.keyOf) options.keyGenerator = limit.keyOf;
  if (redis)
    options.store = new RedisStore({
      prefix: `nettle:limit:${limit.name}:`,
      sendCommand: sendTo(redis),
    });
  return rateLimit(options);
}

/**
 * A high limit for each address: a storefront that renders on its server asks for all its shoppers
 * from one.
 */
export function addressRateLimiter(
  config: Config["rateLimit"],
  counters: Counters,
): RequestHandler {
  return rateLimiter(
    { name: "address", requests: config.requestsPerMinute, seconds: 60 },
    config,
    counters,
  );
}

/**
 * As many for other companies' servers, counted apart, so that neither they nor shoppers stand in
 * the others' way.
 */
export function serverRateLimiter(config: Config["rateLimit"], counters: Counters): RequestHandler {
  return rateLimiter(
    { name: "servers", requests: config.requestsPerMinute, seconds: 60 },
    config,
    counters,
  );
}

/**
 * The store asks for its script's name once and keeps a failure for ever. The name is the script's
 * SHA-1, so it can be told while Redis is away; back again, Redis says that it does not know the
 * script, and is given it.
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

function networksOf(trusted: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of trusted) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    networks.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return networks;
}

function isWithin(networks: BlockList, address = ""): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  const family = isIP(plain);
  return family > 0 && networks.check(plain, family === 6 ? "ipv6" : "ipv4");
}
