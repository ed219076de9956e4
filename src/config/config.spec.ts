import { describe, expect, it } from "vitest";
import { StartupError } from "../core/startup-error.ts";
import { readConfig } from "./config.ts";

const shop = {
  DATABASE_URL: "postgres://localhost/shop",
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
};

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as Error).message;
  }
  return "(not refused)";
}

describe("invalid settings", () => {
  it.each([
    [{ PORT: "http" }, "PORT must be a whole number from 0 to 65535"],
    [{ PORT: "70000" }, "PORT must be a whole number"],
    [
      { DATABASE_URL: "mysql://localhost/shop" },
      "DATABASE_URL must be an address that begins with postgres:// or postgresql://",
    ],
    [
      { DATABASE_URL: "postgres://me:a#b@localhost/shop" },
      "DATABASE_URL has a #, /, ? or @ in its",
    ],
    [
      { DATABASE_URL: "postgres://me:a/b@localhost/shop" },
      "DATABASE_URL has a #, /, ? or @ in its",
    ],
    [{ DATABASE_URL: "postgres://me:a@b/c@localhost/shop" }, "DATABASE_URL has a #, /, ? or @ in"],
    [{ DATABASE_URL: "postgres://me:1#b@localhost/shop" }, "DATABASE_URL has a #, /, ? or @ in"],
    [{ DATABASE_URL: "postgres://localhost:port/shop" }, "DATABASE_URL is no address that can be"],
    [{ DATABASE_URL: "", NODE_ENV: "production" }, "DATABASE_URL is missing: with NODE_ENV=prod"],
    [{ DATABASE_URL: "", NETTLE_DEMO: "off" }, "DATABASE_URL is missing: NETTLE_DEMO is off"],
    [{ NETTLE_DEMO: "on" }, "NETTLE_DEMO cannot be on with a DATABASE_URL"],
    [{ JWT_SECRET: "supersecret" }, "JWT_SECRET is a default that everybody knows"],
    [{ COOKIE_SECRET: "SuperSecret" }, "COOKIE_SECRET is a default that everybody knows"],
    [{ COOKIE_SECRET: "" }, "COOKIE_SECRET is missing"],
    [{ JWT_SECRET: "a" }, "JWT_SECRET is shorter than 8 characters"],
    [{ COOKIE_SECRET: "1234567" }, "COOKIE_SECRET is shorter than 8 characters"],
    [{ COOKIE_SECRET: "1234567   " }, "COOKIE_SECRET is shorter than 8 characters"],
    [{ JWT_SECRET_PREVIOUS: "supersecret" }, "JWT_SECRET_PREVIOUS is a default"],
    [{ COOKIE_SECRET_PREVIOUS: "long-enough, b" }, "COOKIE_SECRET_PREVIOUS is shorter than 8"],
    [{ DATABASE_URL: "", JWT_SECRET: "a" }, "JWT_SECRET is shorter than 8 characters"],
    [{ SMTP_TLS: "maybe" }, "SMTP_TLS must be required, opportunistic or off"],
    [{ STORE_CORS: "*" }, "STORE_CORS cannot be *"],
    [{ BODY_LIMIT: "many" }, "BODY_LIMIT must be a size"],
    [{ RATE_LIMIT: "maybe" }, "RATE_LIMIT must be on or off"],
    [{ RATE_LIMIT_TRUSTED: "10.0.0.0/99" }, "RATE_LIMIT_TRUSTED names"],
    [{ SESSION_SAME_SITE: "none", SESSION_SECURE: "off" }, "SESSION_SECURE cannot be off"],
    [{ NETTLE_WORKERS: "0" }, "NETTLE_WORKERS must be auto, or a whole number from 1 to 512"],
    [{ NETTLE_WORKERS: "513" }, "NETTLE_WORKERS must be auto"],
    [{ NETTLE_WORKERS: "many" }, "NETTLE_WORKERS must be auto"],
    [
      { DATABASE_URL: "", DATABASE_READ_URL: "postgres://localhost/copy" },
      "DATABASE_URL is missing: DATABASE_READ_URL",
    ],
    [{ TRUST_PROXY: "my-proxy" }, "TRUST_PROXY must be off, a number"],
    [{ SESSION_NAME: "two words" }, "SESSION_NAME must be a cookie name"],
  ])("refuses %j", (invalid, message) => {
    expect(refusal({ ...shop, ...invalid })).toContain(message);
  });

  it("are reported all at once", () => {
    const message = refusal({ DATABASE_URL: shop.DATABASE_URL, PORT: "x", LOG_LEVEL: "loud" });
    for (const name of ["PORT", "LOG_LEVEL", "JWT_SECRET", "COOKIE_SECRET"])
      expect(message).toContain(`  ${name} `);
  });

  it("are reported without a secret", () => {
    expect(refusal({ ...shop, JWT_SECRET: "hunter2" })).not.toContain("hunter2");
  });

  it("are reported without their values, which may be secrets", () => {
    expect(refusal({ ...shop, DATABASE_URL: "shop:hunter2@db" })).not.toContain("hunter2");
  });
});

describe("valid settings", () => {
  it("may all be missing for the demo shop", () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 9000,
      publicUrl: "http://localhost:9000",
      bodyLimit: 102_400,
      adopt: false,
    });
    expect(config.database.url).toBeUndefined();
    expect(config.secrets).toEqual({ jwt: [], cookie: [] });
  });

  it("need no secrets for commands that only use the database", () => {
    expect(readConfig({ DATABASE_URL: shop.DATABASE_URL }, "database").secrets.jwt).toEqual([]);
  });

  it("may be empty, which counts as unset", () => {
    expect(readConfig({ ...shop, PORT: "", REDIS_URL: " " })).toMatchObject({
      port: 9000,
      redisUrl: undefined,
    });
  });

  it("allow commas in a secret and list previous secrets after it", () => {
    const config = readConfig({
      ...shop,
      JWT_SECRET: "one,secret",
      JWT_SECRET_PREVIOUS: "an-old-one, an-older-one",
    });
    expect(config.secrets.jwt).toEqual(["one,secret", "an-old-one", "an-older-one"]);
  });

  it.each([
    ["off", false],
    ["1", 1],
    ["10.0.0.0/8, loopback", "10.0.0.0/8, loopback"],
  ])("trust proxies: %s", (value, trusted) => {
    expect(readConfig({ ...shop, TRUST_PROXY: value }).trustProxy).toBe(trusted);
  });

  it("accept the usual spellings of on and off", () => {
    expect(
      readConfig({ ...shop, NETTLE_ADOPT: "yes", RATE_LIMIT: "OFF", HTTP_COMPRESSION: "1" }),
    ).toMatchObject({
      adopt: true,
      rateLimit: { enabled: false },
      compression: { enabled: true },
    });
  });
});

describe("unsafe settings", () => {
  const strong = {
    ...shop,
    JWT_SECRET: "4qY7vXo1mZsD9kLw",
    COOKIE_SECRET: "Jp2Rt8bNc5Hf0aEu",
  };
  const warnings = (environment: Record<string, string>) =>
    readConfig({ ...strong, ...environment }).warnings;

  it.each([
    [{ JWT_SECRET: "12345678" }, "JWT_SECRET is weak"],
    [{ JWT_SECRET: "4qY7vXo1mZsD9kL" }, "JWT_SECRET is weak"],
    [{ COOKIE_SECRET: "aaaaaaaaaaaaaaaaaaaaaaaa" }, "COOKIE_SECRET is weak"],
    [{ JWT_SECRET_PREVIOUS: "short-one" }, "JWT_SECRET is weak"],
    [
      { SMTP_URL: "smtp://mail.example", MAIL_FROM: "shop@example.com", SMTP_TLS: "opportunistic" },
      "SMTP_TLS is opportunistic",
    ],
  ])("are accepted and warned about: %j", (environment, warning) => {
    const found = warnings(environment);
    expect(found).toEqual([expect.stringContaining(warning)]);
    for (const value of Object.values(environment).slice(0, 1))
      expect(found.join()).not.toContain(value);
  });

  it.each<Record<string, string>>([
    {},
    { SMTP_URL: "smtp://localhost:25", MAIL_FROM: "shop@example.com", SMTP_TLS: "off" },
    { SMTP_URL: "smtps://mail.example", MAIL_FROM: "shop@example.com", SMTP_TLS: "off" },
  ])("are not warned about where nothing is unsafe: %j", (environment) => {
    expect(warnings(environment)).toEqual([]);
  });

  it("are not the default", () => {
    const config = readConfig(strong);
    expect(config.trustProxy).toBe("loopback");
    expect(config.mail.tls).toBe("required");
    expect(config.metrics.host).toBe("127.0.0.1");
  });
});

describe("an address of a database", () => {
  it.each([
    "postgres://me:a%23b%2Fc@localhost:5432/shop?options=a@b",
    "postgres://me:p@ss@localhost/shop",
    "postgres://localhost/shop?sslmode=require",
    "postgresql:///shop?host=/run/postgresql",
  ])("may be %s", (url) => {
    expect(readConfig({ ...shop, DATABASE_URL: url }).database.url).toBe(url);
  });
});

describe("the demo shop", () => {
  it("is served in production if it is asked for", () => {
    expect(readConfig({ NODE_ENV: "production", NETTLE_DEMO: "on" }).database.url).toBeUndefined();
    expect(readConfig({ NODE_ENV: "development" }).database.url).toBeUndefined();
  });
});
