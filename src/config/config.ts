import { existsSync } from "node:fs";
import { StartupError } from "../core/startup-error.ts";
import { isNetwork } from "./readers.ts";
import { type Settings, settings } from "./settings.ts";

/** What Nettle was told, typed; built by `readConfig`, or written as a literal in tests. */
export type Config = ReturnType<typeof arrange>;

/** What the configuration is for: commands that only work on the database need no secrets. */
type Use = "server" | "database";

/**
 * The configuration of this process: the environment, completed by a `.env` file in the working
 * directory (what is set already wins).
 * @throws StartFailure every mistake, one line each
 */
export function loadConfig(use: Use = "server"): Config {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return readConfig(process.env, use);
}

/**
 * Reads an environment. An empty value counts as unset. Without `DATABASE_URL` the secrets may be
 * missing: the demo shop makes its own.
 * @throws StartFailure every mistake, one line each
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  use: Use = "server",
): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim()),
  );
  const result = settings.safeParse(given);
  const mistakes = [
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}`),
    ...(use === "server" ? secretMistakes(given) : []),
    ...(result.data ? contradictions(result.data) : []),
  ];
  if (!result.data || mistakes.length > 0) {
    throw new StartupError(
      `Nettle cannot start with these settings:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`,
    );
  }
  return arrange(result.data);
}

/** Medusa's defaults are known to everyone, so anyone could sign with them. */
const KNOWN_SECRETS = new Set(["supersecret", "something"]);

function secretMistakes(given: Readonly<Record<string, string | undefined>>): string[] {
  if (!given["DATABASE_URL"]) return [];
  return (["JWT_SECRET", "COOKIE_SECRET"] as const).flatMap((name) => {
    const secret = given[name];
    if (!secret)
      return [
        `${name} is missing: give a long random text (an existing Medusa's own keeps its logins valid)`,
      ];
    return KNOWN_SECRETS.has(secret)
      ? [`${name} is a default that everybody knows: give a long random text`]
      : [];
  });
}

function contradictions(given: Settings): string[] {
  const mistakes: string[] = [];
  if (given.SESSION_SAME_SITE === "none" && given.SESSION_SECURE === "off") {
    mistakes.push(
      "SESSION_SECURE cannot be off while SESSION_SAME_SITE is none: browsers drop such a cookie",
    );
  }
  if (given.HTTP_HEADERS_SECONDS > given.HTTP_REQUEST_SECONDS) {
    mistakes.push("HTTP_HEADERS_SECONDS cannot be more than HTTP_REQUEST_SECONDS");
  }
  for (const trusted of given.RATE_LIMIT_TRUSTED) {
    if (!isNetwork(trusted))
      mistakes.push(
        `RATE_LIMIT_TRUSTED names "${trusted}", which is no IP address or network such as 10.0.0.0/8`,
      );
  }
  if (given.SMTP_URL && !given.MAIL_FROM)
    mistakes.push("MAIL_FROM is missing: SMTP_URL needs a sender, such as Shop <shop@example.com>");
  if (given.METRICS_PORT && given.METRICS_PORT === given.PORT)
    mistakes.push("METRICS_PORT cannot be the same as PORT");
  if (given.DATABASE_CA_FILE && !existsSync(given.DATABASE_CA_FILE))
    mistakes.push("DATABASE_CA_FILE names a file that is not there");
  return mistakes;
}

/** A path belongs to the storefront; a whole address may be elsewhere. */
function within(storefront: string, address: string): string {
  return address.startsWith("/") ? storefront.replace(/\/+$/, "") + address : address;
}

function arrangeHttp(given: Settings) {
  return {
    compression: {
      enabled: given.HTTP_COMPRESSION,
      level: given.HTTP_COMPRESSION_LEVEL,
      /** In bytes. */
      threshold: given.HTTP_COMPRESSION_THRESHOLD,
    },
    http: {
      headersSeconds: given.HTTP_HEADERS_SECONDS,
      requestSeconds: given.HTTP_REQUEST_SECONDS,
      keepAliveSeconds: given.HTTP_KEEP_ALIVE_SECONDS,
    },
    /** In bytes. */
    bodyLimit: given.BODY_LIMIT,
    rateLimit: {
      /** In a quarter of an hour. */
      attempts: given.RATE_LIMIT_ATTEMPTS,
      attemptsByAddress: given.RATE_LIMIT_ATTEMPTS_BY_ADDRESS,
      enabled: given.RATE_LIMIT,
      requestsPerMinute: given.RATE_LIMIT_REQUESTS,
      trusted: given.RATE_LIMIT_TRUSTED,
    },
  };
}

function arrange(given: Settings) {
  return {
    /** Undefined listens on every interface. */
    host: given.HOST,
    port: given.PORT,
    /** The address that browsers reach this server at, without a slash at its end. */
    publicUrl: (given.NETTLE_PUBLIC_URL ?? `http://localhost:${given.PORT}`).replace(/\/+$/, ""),
    trustProxy: given.TRUST_PROXY,
    database: {
      /** Undefined runs the embedded server. */
      url: given.DATABASE_URL,
      caFile: given.DATABASE_CA_FILE,
      poolMax: given.DATABASE_POOL_MAX,
      prepare: given.DATABASE_PREPARE,
      statementSeconds: given.DATABASE_STATEMENT_SECONDS,
      lockSeconds: given.DATABASE_LOCK_SECONDS,
      idleTransactionSeconds: given.DATABASE_IDLE_SECONDS,
    },
    adopt: given.NETTLE_ADOPT,
    /**
     * Where the embedded server and the demo's secrets shall live; undefined leaves the choice to
     * us.
     */
    dataDirectory: given.NETTLE_DATA,
    redisUrl: given.REDIS_URL,
    /** The first of each list signs, all of them are accepted. */
    secrets: {
      jwt: [...(given.JWT_SECRET ? [given.JWT_SECRET] : []), ...given.JWT_SECRET_PREVIOUS],
      cookie: [
        ...(given.COOKIE_SECRET ? [given.COOKIE_SECRET] : []),
        ...given.COOKIE_SECRET_PREVIOUS,
      ],
    },
    session: {
      cookieName: given.SESSION_NAME,
      /** Before `sess:` in the keys of Redis. */
      redisPrefix: given.REDIS_PREFIX,
      seconds: given.SESSION_TTL,
      sameSite: given.SESSION_SAME_SITE,
      secure: given.SESSION_SECURE,
    },
    events: { forMedusa: given.EVENTS_FOR_MEDUSA },
    mail: {
      smtpUrl: given.SMTP_URL,
      from: given.MAIL_FROM ?? "",
      /** Where the links in mails lead, `{token}` and `{email}` standing for theirs. */
      passwordResetUrl: within(given.STOREFRONT_URL, given.PASSWORD_RESET_URL),
      orderClaimUrl: within(given.STOREFRONT_URL, given.ORDER_CLAIM_URL),
    },
    passwords: { form: given.PASSWORD_FORM, bcryptCost: given.PASSWORD_BCRYPT_COST },
    storeOrigins: given.STORE_CORS,
    maxPageSize: given.MAX_PAGE_SIZE,
    providers: {
      /** Files and packages that bring providers. */
      modules: given.PROVIDERS,
      /** How long an answer of a provider is waited for. */
      seconds: given.PROVIDER_SECONDS,
    },
    /** Whom returns, swaps and order edits are open to. */
    afterSale: given.AFTER_SALE_LOGIN ? ("owner" as const) : ("anyone" as const),
    /** Whether an order edit that costs more is confirmed only with a payment collection. */
    orderEdits: { mustBePaid: !given.ORDER_EDITS_UNPAID },
    /** How long a payment is remembered after it was refunded or voided. */
    paymentReleaseDays: given.PAYMENT_RELEASE_DAYS,
    /** How long an answer is kept under an Idempotency-Key. */
    idempotencyHours: given.IDEMPOTENCY_HOURS,
    /** How long browsers and caches may keep a visitor's catalogue answers without asking. */
    catalogueSeconds: given.CATALOGUE_SECONDS,
    ...arrangeHttp(given),
    shutdownSeconds: given.SHUTDOWN_SECONDS,
    logLevel: given.LOG_LEVEL,
    metricsPort: given.METRICS_PORT,
  };
}
