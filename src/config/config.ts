import { existsSync } from "node:fs";
import { StartupError } from "../core/startup-error.ts";
import { projectRoot } from "../runtime/project-root.ts";
import { arrangeBounds } from "./bound-settings.ts";
import { secretMistakes, secretWarnings } from "./check-secrets.ts";
import { type EnvFile, findEnvFile } from "./env-file.ts";
import { arrangeEvents } from "./event-settings.ts";
import { arrangeFallback } from "./fallback-settings.ts";
import { arrangeMail, mailWarnings } from "./mail-settings.ts";
import { isNetwork } from "./readers.ts";
import { type Settings, settings } from "./settings.ts";
import { arrangeStripe, stripeWarnings } from "./stripe-settings.ts";

/** The settings of this process, typed and arranged by subject. */
export type Config = ReturnType<typeof arrange> & {
  /** The file that some settings come from, and names in it that are no settings. */
  readonly file?: ReturnType<typeof arrangeFile> | undefined;
};

/** Purpose of the configuration: commands that only use the database need no secrets. */
type Use = "server" | "database";

/**
 * Reads the configuration from the environment and from a `.env` file, in the working directory or
 * beside package.json; the environment takes precedence. What the file says is in `process.env`
 * then, where the shop's own modules find it.
 * @throws StartupError with all mistakes, one on each line
 */
export function loadConfig(use: Use = "server"): Config {
  const file = findEnvFile([process.cwd(), projectRoot()], Object.keys(settings.shape));
  for (const [name, value] of Object.entries(file?.values ?? {})) process.env[name] ??= value;
  return readConfig(process.env, use, file);
}

/**
 * Reads the configuration from an environment, to which a file has been added. An empty value
 * counts as unset. Without `DATABASE_URL` the secrets are optional, since the demo shop generates
 * its own.
 * @throws StartupError with all mistakes, one on each line
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  use: Use = "server",
  file?: EnvFile,
): Config {
  const values = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim()),
  );
  const result = settings.safeParse(values);
  const mistakes = [
    ...(file?.mistakes ?? []),
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}`),
    ...(use === "server" ? secretMistakes(values) : []),
    ...(use === "server" && result.data ? demoMistakes(result.data) : []),
    ...(result.data ? contradictions(result.data) : []),
  ];
  if (!result.data || mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `  ${mistake}`);
    throw new StartupError(["Nettle cannot start with these settings:", ...lines].join("\n"));
  }
  return { ...arrange(result.data), file: file && arrangeFile(file) };
}

function arrangeFile({ path, unread, otherNames }: EnvFile) {
  return { path, unread, otherNames };
}

/** Returns why no demo shop is served, although there is no database of the shop's own. */
function demoMistakes({ DATABASE_URL, NETTLE_DEMO, NODE_ENV }: Settings): string[] {
  if (DATABASE_URL && NETTLE_DEMO === "on")
    return ["NETTLE_DEMO cannot be on with a DATABASE_URL: `nettle seed` fills a new database"];
  if (DATABASE_URL || NETTLE_DEMO === "on") return [];
  if (NETTLE_DEMO === "off") return ["DATABASE_URL is missing: NETTLE_DEMO is off"];
  return NODE_ENV === "production"
    ? [
        "DATABASE_URL is missing: with NODE_ENV=production the demo shop is served only with " +
          "NETTLE_DEMO=on",
      ]
    : [];
}

/** Returns what is wrong with settings that are valid one by one. */
function contradictions(values: Settings): string[] {
  const mistakes: string[] = [];
  if (values.SESSION_SAME_SITE === "none" && values.SESSION_SECURE === "off") {
    mistakes.push(
      "SESSION_SECURE cannot be off while SESSION_SAME_SITE is none: browsers drop such a cookie",
    );
  }
  if (values.HTTP_HEADERS_SECONDS > values.HTTP_REQUEST_SECONDS) {
    mistakes.push("HTTP_HEADERS_SECONDS cannot be more than HTTP_REQUEST_SECONDS");
  }
  for (const trusted of values.RATE_LIMIT_TRUSTED) {
    if (!isNetwork(trusted))
      mistakes.push(
        `RATE_LIMIT_TRUSTED names "${trusted}", which is no IP address or network like 10.0.0.0/8`,
      );
  }
  if (values.SMTP_URL && !values.MAIL_FROM)
    mistakes.push("MAIL_FROM is missing: SMTP_URL needs a sender, such as Shop <shop@example.com>");
  if (values.MEDUSA_PLUGINS.length > 0 && !values.MEDUSA_SHOP)
    mistakes.push("MEDUSA_SHOP is missing: MEDUSA_PLUGINS needs the folder of the Medusa backend");
  if (values.METRICS_PORT && values.METRICS_PORT === values.PORT)
    mistakes.push("METRICS_PORT cannot be the same as PORT");
  if (values.DATABASE_READ_URL && !values.DATABASE_URL)
    mistakes.push("DATABASE_URL is missing: DATABASE_READ_URL names a replica of it");
  if (values.DATABASE_CA_FILE && !existsSync(values.DATABASE_CA_FILE))
    mistakes.push("DATABASE_CA_FILE names a file that does not exist");
  return mistakes;
}

function warningsOf(values: Settings): string[] {
  return [...secretWarnings(values), ...mailWarnings(values), ...stripeWarnings(values)];
}

function arrangeHttp(values: Settings) {
  return {
    compression: {
      enabled: values.HTTP_COMPRESSION,
      level: values.HTTP_COMPRESSION_LEVEL,
      /** In bytes. */
      threshold: values.HTTP_COMPRESSION_THRESHOLD,
    },
    http: {
      headersSeconds: values.HTTP_HEADERS_SECONDS,
      requestSeconds: values.HTTP_REQUEST_SECONDS,
      keepAliveSeconds: values.HTTP_KEEP_ALIVE_SECONDS,
    },
    /** How long caches may use a guest's catalogue answers without revalidating them. */
    catalogueSeconds: values.CATALOGUE_SECONDS,
    /** Of catalogue answers kept in memory, in bytes; 0 keeps none. */
    catalogueMemory: values.CATALOGUE_MEMORY,
    /** In bytes. */
    bodyLimit: values.BODY_LIMIT,
    rateLimit: {
      /** Per quarter of an hour, at one subject from one address. */
      attempts: values.RATE_LIMIT_ATTEMPTS,
      /** Per quarter of an hour, at one subject from all addresses, before they are slowed down. */
      attemptsByAccount: values.RATE_LIMIT_ATTEMPTS_BY_ACCOUNT,
      /** Per quarter of an hour. */
      attemptsByAddress: values.RATE_LIMIT_ATTEMPTS_BY_ADDRESS,
      enabled: values.RATE_LIMIT,
      /** From one address, without reads of the catalogue. */
      requestsPerMinute: values.RATE_LIMIT_REQUESTS,
      /** From one address. */
      catalogueReadsPerMinute: values.RATE_LIMIT_CATALOGUE,
      /** Whether requests that come from this machine are counted, too. */
      countsLoopback: values.RATE_LIMIT_LOOPBACK,
      trusted: values.RATE_LIMIT_TRUSTED,
    },
  };
}

/** Where the server listens, and where it is reached. */
function placeOf({ HOST, PORT, NETTLE_PUBLIC_URL }: Settings) {
  return {
    /** Undefined listens on every interface. */
    host: HOST,
    port: PORT,
    /** The address at which browsers reach this server, without a trailing slash. */
    publicUrl: (NETTLE_PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, ""),
    /** Whether that is how every client reaches it; otherwise it is the address on this machine. */
    isPublicUrlSet: NETTLE_PUBLIC_URL !== undefined,
  };
}

function arrange(values: Settings) {
  return {
    ...placeOf(values),
    hasLandingPage: hasLandingPage(values),
    trustProxy: values.TRUST_PROXY,
    /** How many processes of this server answer requests. */
    workers: values.NETTLE_WORKERS,
    database: {
      /** Undefined starts the embedded PostgreSQL. */
      url: values.DATABASE_URL,
      /** Of the connection that listens for changes. Undefined: as `url`. */
      listenUrl: values.DATABASE_LISTEN_URL,
      /** Of a replica, for catalogue reads. Undefined: the primary answers all. */
      readUrl: values.DATABASE_READ_URL,
      /** How much older than the primary a catalogue read may be. */
      readLagSeconds: values.DATABASE_READ_LAG_SECONDS,
      caFile: values.DATABASE_CA_FILE,
      poolMax: values.DATABASE_POOL_MAX,
      prepare: values.DATABASE_PREPARE,
      statementSeconds: values.DATABASE_STATEMENT_SECONDS,
      lockSeconds: values.DATABASE_LOCK_SECONDS,
      idleTransactionSeconds: values.DATABASE_IDLE_SECONDS,
    },
    adopt: values.NETTLE_ADOPT,
    /**
     * Directory of the embedded database and the demo shop's secrets. Undefined: Nettle chooses
     * one.
     */
    dataDirectory: values.NETTLE_DATA,
    redisUrl: values.REDIS_URL,
    /** The first secret of each list signs; all of them are accepted. */
    secrets: {
      jwt: [...(values.JWT_SECRET ? [values.JWT_SECRET] : []), ...values.JWT_SECRET_PREVIOUS],
      cookie: [
        ...(values.COOKIE_SECRET ? [values.COOKIE_SECRET] : []),
        ...values.COOKIE_SECRET_PREVIOUS,
      ],
    },
    session: {
      cookieName: values.SESSION_NAME,
      /** Prefix of `sess:` in the keys of Redis. */
      redisPrefix: values.REDIS_PREFIX,
      seconds: values.SESSION_TTL,
      sameSite: values.SESSION_SAME_SITE,
      secure: values.SESSION_SECURE,
    },
    events: arrangeEvents(values),
    mail: arrangeMail(values),
    passwords: { form: values.PASSWORD_FORM, bcryptCost: values.PASSWORD_BCRYPT_COST },
    storeOrigins: values.STORE_CORS,
    maxPageSize: values.MAX_PAGE_SIZE,
    providers: arrangeProviders(values),
    /** Undefined without a key of Stripe's. */
    stripe: arrangeStripe(values),
    fallback: arrangeFallback(values),
    /** Who may make returns, swaps and decisions on order edits. */
    afterSale: values.AFTER_SALE_LOGIN ? ("owner" as const) : ("anyone" as const),
    /** What is sold, and how carts are completed. */
    sales: {
      sellsUnpublished: values.SELL_UNPUBLISHED,
      withoutShipping: values.COMPLETE_WITHOUT_SHIPPING,
    },
    /** Whether an order edit that costs more is confirmed only with a payment collection. */
    orderEdits: { mustBePaid: !values.ORDER_EDITS_UNPAID },
    giftCards: {
      /** When bought gift cards pay: once their order is `paid`, or as soon as it is `ordered`. */
      active: values.GIFT_CARDS_ACTIVE,
      /** How many e-mails, beside the buyer's, the gift cards of one order are sent to. */
      maxRecipients: values.GIFT_CARD_RECIPIENTS,
    },
    /** How long a payment is remembered after it was refunded or voided. */
    paymentReleaseDays: values.PAYMENT_RELEASE_DAYS,
    /** How long an answer is stored under an Idempotency-Key. */
    idempotencyHours: values.IDEMPOTENCY_HOURS,
    bounds: arrangeBounds(values),
    ...arrangeHttp(values),
    shutdownSeconds: values.SHUTDOWN_SECONDS,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    metrics: {
      /** Undefined opens no metrics. */
      port: values.METRICS_PORT,
      host: values.METRICS_HOST,
    },
    /** Sentences about settings that are accepted, but unsafe. */
    warnings: warningsOf(values),
  };
}

/** Returns whether `/` shows a page; by default not in production. */
function hasLandingPage({ LANDING_PAGE, NODE_ENV }: Settings): boolean {
  return LANDING_PAGE === "auto" ? NODE_ENV !== "production" : LANDING_PAGE === "on";
}

/** Returns which providers there are, and how long they are waited for. */
function arrangeProviders(values: Settings) {
  return {
    /** Files and packages that export providers. */
    modules: values.PROVIDERS,
    /** Plugins of Medusa's, in the folder of its backend. */
    medusa: values.MEDUSA_SHOP
      ? { folder: values.MEDUSA_SHOP, plugins: values.MEDUSA_PLUGINS }
      : undefined,
    /** Whether the server refuses to start while the shop uses a provider that it lacks. */
    areRequired: values.PROVIDERS_REQUIRED,
    /** How long to wait for a provider's answer. */
    seconds: values.PROVIDER_SECONDS,
    /** How long a list of shipping options waits for the prices of its carriers. */
    shippingListSeconds: values.SHIPPING_LIST_SECONDS,
    /** How long a change of a cart waits for payment providers to hear of it. */
    paymentFollowSeconds: values.PAYMENT_FOLLOW_SECONDS,
  };
}
