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

describe("settings that cannot be", () => {
  it.each([
    [{ PORT: "http" }, "PORT must be a whole number from 0 to 65535"],
    [{ PORT: "70000" }, "PORT must be a whole number"],
    [
      { DATABASE_URL: "mysql://localhost/shop" },
      "DATABASE_URL must be an address that begins with postgres:// or postgresql://",
    ],
    [{ JWT_SECRET: "supersecret" }, "JWT_SECRET is a default that everybody knows"],
    [{ COOKIE_SECRET: "" }, "COOKIE_SECRET is missing"],
    [{ STORE_CORS: "*" }, "STORE_CORS cannot be *"],
    [{ BODY_LIMIT: "many" }, "BODY_LIMIT must be a size"],
    [{ RATE_LIMIT: "maybe" }, "RATE_LIMIT must be on or off"],
    [{ RATE_LIMIT_TRUSTED: "10.0.0.0/99" }, "RATE_LIMIT_TRUSTED names"],
    [{ SESSION_SAME_SITE: "none", SESSION_SECURE: "off" }, "SESSION_SECURE cannot be off"],
    [{ TRUST_PROXY: "my-proxy" }, "TRUST_PROXY must be off, a number"],
    [{ SESSION_NAME: "two words" }, "SESSION_NAME must be a cookie name"],
  ])("%j", (wrong, words) => {
    expect(refusal({ ...shop, ...wrong })).toContain(words);
  });

  it("are told all at once", () => {
    const message = refusal({ DATABASE_URL: shop.DATABASE_URL, PORT: "x", LOG_LEVEL: "loud" });
    for (const name of ["PORT", "LOG_LEVEL", "JWT_SECRET", "COOKIE_SECRET"])
      expect(message).toContain(`  ${name} `);
  });

  it("are told without repeating what may be a secret", () => {
    expect(refusal({ ...shop, DATABASE_URL: "shop:hunter2@db" })).not.toContain("hunter2");
  });
});

describe("settings that can be", () => {
  it("need nothing for the demo shop", () => {
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

  it("need no secrets for work on the database alone", () => {
    expect(readConfig({ DATABASE_URL: shop.DATABASE_URL }, "database").secrets.jwt).toEqual([]);
  });

  it("treat an empty value as none", () => {
    expect(readConfig({ ...shop, PORT: "", REDIS_URL: " " })).toMatchObject({
      port: 9000,
      redisUrl: undefined,
    });
  });

  it("keep a secret with commas whole and list former ones behind it", () => {
    const config = readConfig({ ...shop, JWT_SECRET: "a,b", JWT_SECRET_PREVIOUS: "old, older" });
    expect(config.secrets.jwt).toEqual(["a,b", "old", "older"]);
  });

  it.each([
    ["off", false],
    ["1", 1],
    ["10.0.0.0/8, loopback", "10.0.0.0/8, loopback"],
  ])("trust proxies: %s", (value, trusted) => {
    expect(readConfig({ ...shop, TRUST_PROXY: value }).trustProxy).toBe(trusted);
  });

  it("read the words people use for on and off", () => {
    expect(
      readConfig({ ...shop, NETTLE_ADOPT: "yes", RATE_LIMIT: "OFF", HTTP_COMPRESSION: "1" }),
    ).toMatchObject({
      adopt: true,
      rateLimit: { enabled: false },
      compression: { enabled: true },
    });
  });
});
