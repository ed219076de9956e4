import { z } from "zod";
import { boundSettings } from "./bound-settings.ts";
import { eventSettings } from "./event-settings.ts";
import { fallbackSettings } from "./fallback-settings.ts";
import { mailSettings } from "./mail-settings.ts";
import { parseOrigins } from "./parse-origins.ts";
import {
  address,
  bytes,
  commaList,
  cookieName,
  flag,
  flagOrAuto,
  trustedProxies,
  wholeNumber,
  workerCount,
} from "./readers.ts";
import { stripeSettings } from "./stripe-settings.ts";

const origins = z.string().transform((list, context) => {
  try {
    return parseOrigins(list);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

/** All settings by the name of their environment variable; `.env.example` describes each. */
export const settings = z.object({
  NODE_ENV: z.string().optional(),
  NETTLE_DEMO: z.enum(["auto", "on", "off"], "must be auto, on or off").prefault("auto"),

  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65_535).prefault("9000"),
  NETTLE_PUBLIC_URL: address("http", "https").optional(),
  LANDING_PAGE: flagOrAuto.prefault("auto"),
  TRUST_PROXY: trustedProxies.prefault("loopback"),
  NETTLE_WORKERS: workerCount.prefault("1"),

  DATABASE_URL: address("postgres", "postgresql").optional(),
  DATABASE_LISTEN_URL: address("postgres", "postgresql").optional(),
  DATABASE_READ_URL: address("postgres", "postgresql").optional(),
  DATABASE_READ_LAG_SECONDS: wholeNumber(1, 3600).prefault("5"),
  DATABASE_CA_FILE: z.string().optional(),
  DATABASE_POOL_MAX: wholeNumber(2, 500).prefault("10"),
  DATABASE_PREPARE: flagOrAuto.prefault("auto"),
  DATABASE_STATEMENT_SECONDS: wholeNumber(1, 3600).prefault("15"),
  DATABASE_LOCK_SECONDS: wholeNumber(1, 3600).prefault("5"),
  DATABASE_IDLE_SECONDS: wholeNumber(1, 3600).prefault("30"),
  NETTLE_ADOPT: flag.prefault("off"),
  NETTLE_DATA: z.string().optional(),
  REDIS_URL: address("redis", "rediss").optional(),

  JWT_SECRET: z.string().optional(),
  JWT_SECRET_PREVIOUS: commaList.prefault(""),
  COOKIE_SECRET: z.string().optional(),
  COOKIE_SECRET_PREVIOUS: commaList.prefault(""),
  SESSION_NAME: cookieName.prefault("connect.sid"),
  SESSION_TTL: wholeNumber(60, 31_536_000).prefault("36000"),
  SESSION_SAME_SITE: z
    .enum(["lax", "strict", "none"], "must be lax, strict or none")
    .prefault("lax"),
  SESSION_SECURE: z.enum(["auto", "on", "off"], "must be auto, on or off").prefault("auto"),
  STORE_CORS: origins.prefault("http://localhost:8000"),

  REDIS_PREFIX: z.string().prefault(""),
  PASSWORD_FORM: z
    .enum(["auto", "bcrypt", "scrypt"], "must be auto, bcrypt or scrypt")
    .prefault("auto"),
  PASSWORD_BCRYPT_COST: wholeNumber(8, 15).prefault("10"),

  ...eventSettings,
  ...mailSettings,

  BODY_LIMIT: bytes.prefault("100kb"),
  MAX_PAGE_SIZE: wholeNumber(1, 100_000).prefault("1000"),
  RATE_LIMIT: flag.prefault("on"),
  RATE_LIMIT_REQUESTS: wholeNumber(1, 1_000_000).prefault("3000"),
  RATE_LIMIT_CATALOGUE: wholeNumber(1, 10_000_000).prefault("30000"),
  RATE_LIMIT_LOOPBACK: flag.prefault("off"),
  RATE_LIMIT_ATTEMPTS: wholeNumber(1, 1_000_000).prefault("20"),
  RATE_LIMIT_ATTEMPTS_BY_ACCOUNT: wholeNumber(1, 1_000_000).prefault("200"),
  RATE_LIMIT_ATTEMPTS_BY_ADDRESS: wholeNumber(1, 1_000_000).prefault("1500"),
  RATE_LIMIT_TRUSTED: commaList.prefault(""),

  ...boundSettings,

  PROVIDERS: commaList.prefault(""),
  MEDUSA_SHOP: z.string().optional(),
  MEDUSA_PLUGINS: commaList.prefault(""),
  PROVIDERS_REQUIRED: flag.prefault("off"),
  PROVIDER_SECONDS: wholeNumber(1, 60).prefault("10"),
  SHIPPING_LIST_SECONDS: wholeNumber(1, 60).prefault("3"),
  PAYMENT_FOLLOW_SECONDS: wholeNumber(1, 60).prefault("4"),

  ...stripeSettings,

  ...fallbackSettings,

  SELL_UNPUBLISHED: flag.prefault("off"),
  COMPLETE_WITHOUT_SHIPPING: z
    .enum(["allow", "never_chosen", "refuse"], "must be allow, never_chosen or refuse")
    .prefault("never_chosen"),

  AFTER_SALE_LOGIN: flag.prefault("off"),
  ORDER_EDITS_UNPAID: flag.prefault("off"),

  GIFT_CARDS_ACTIVE: z.enum(["paid", "ordered"], "must be paid or ordered").prefault("paid"),
  GIFT_CARD_RECIPIENTS: wholeNumber(0, 10_000).prefault("10"),

  PAYMENT_RELEASE_DAYS: wholeNumber(1, 3650).prefault("90"),

  IDEMPOTENCY_HOURS: wholeNumber(1, 8760).prefault("24"),

  CATALOGUE_MEMORY: bytes.prefault("64mb"),
  CATALOGUE_SECONDS: wholeNumber(0, 86_400).prefault("0"),
  HTTP_COMPRESSION: flag.prefault("off"),
  HTTP_COMPRESSION_LEVEL: wholeNumber(0, 9).prefault("6"),
  HTTP_COMPRESSION_THRESHOLD: bytes.prefault("1kb"),
  HTTP_HEADERS_SECONDS: wholeNumber(1, 3600).prefault("15"),
  HTTP_REQUEST_SECONDS: wholeNumber(1, 3600).prefault("30"),
  HTTP_KEEP_ALIVE_SECONDS: wholeNumber(1, 3600).prefault("65"),
  SHUTDOWN_SECONDS: wholeNumber(1, 3600).prefault("20"),

  LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "must be fatal, error, warn, info, debug, trace or silent",
    )
    .prefault("info"),
  LOG_FORMAT: z.enum(["auto", "pretty", "json"], "must be auto, pretty or json").prefault("auto"),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  METRICS_HOST: z.string().prefault("127.0.0.1"),
});

export type Settings = z.output<typeof settings>;
