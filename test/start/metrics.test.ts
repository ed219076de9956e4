import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { readMetrics } from "../catalogue-memory/memory-metrics.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

const WAIT = { timeout: 30_000, interval: 100 };

let program: NettleProgram;
let database: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase();
  server = await program.serve({
    DATABASE_URL: database.url,
    DATABASE_POOL_MAX: "7",
    JWT_SECRET: "a-secret-of-the-metrics",
    COOKIE_SECRET: "another-one-of-the-metrics",
    METRICS_PORT: "0",
    NETTLE_WORKERS: "2",
  });
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const backlog = (metrics: ReadonlyMap<string, number>, queue: string) => [
  metrics.get(`nettle_backlog{queue="${queue}"}`),
  metrics.get(`nettle_backlog_oldest_seconds{queue="${queue}"}`),
];

describe("the metrics of two worker processes", () => {
  it("tell what waits in the database since when; two processes do not add it up", async () => {
    const before = await readMetrics(server);
    for (const queue of ["events", "dead_letters", "payment_releases"])
      expect([queue, ...backlog(before, queue)]).toEqual([queue, 0, 0]);
    await database.knex.raw(`
      insert into nettle_delivery (event_id, subscriber, name, aggregate, data, created_at, dead_at)
      select 'e' || n, 'of nobody', 'order.placed', 'order_1', '{}', now() - interval '1 hour',
        case when n > 3 then now() - interval '1 minute' end
      from generate_series(1, 5) n;
      insert into nettle_payment_release (attempt, resource_id, provider_id, currency_code,
        created_at, released_at)
      values ('a', 'cart_1', 'of nobody', 'eur', now() - interval '2 hours', null),
        ('b', 'cart_2', 'of nobody', 'eur', now() - interval '3 hours', now())`);
    const after = await readMetrics(server);
    const hour = 3600;
    const about = (seconds: number) => expect.closeTo(seconds, -2);
    expect(backlog(after, "events")).toEqual([3, about(hour)]);
    expect(backlog(after, "dead_letters")).toEqual([2, about(60)]);
    expect(backlog(after, "payment_releases")).toEqual([1, about(2 * hour)]);
  });

  it("leave out what cannot be read, and show the rest", async () => {
    await database.knex.raw("alter table nettle_delivery rename to nettle_elsewhere");
    const metrics = await readMetrics(server);
    await database.knex.raw("alter table nettle_elsewhere rename to nettle_delivery");
    expect(backlog(metrics, "events")).toEqual([undefined, undefined]);
    expect(metrics.get('nettle_database_connections{state="max"}')).toBe(14);
    await vi.waitFor(
      async () => expect(backlog(await readMetrics(server), "events")[0]).toBe(3),
      WAIT,
    );
  });

  it("tell how the pools are used", async () => {
    const metrics = await readMetrics(server);
    const used = metrics.get('nettle_database_connections{state="used"}')!;
    const free = metrics.get('nettle_database_connections{state="free"}')!;
    expect(used + free).toBeGreaterThan(0);
    expect(used + free).toBeLessThanOrEqual(14);
    expect(metrics.get("nettle_database_waiting")).toBe(0);
  });

  it("count the warnings and errors of the log by their event", async () => {
    const counted = (event: string) => async () =>
      (await readMetrics(server)).get(`nettle_log_events_total{level="warn",event="${event}"}`);
    expect(await counted("mail_disabled")()).toBe(1);
    await fetch(`${server.url}/store/regions`, { headers: { origin: "https://other.example" } });
    await vi.waitFor(async () => expect(await counted("origin_not_allowed")()).toBe(1), WAIT);
    expect(await counted("providers_installed")()).toBeUndefined();
  });
});

/** Metrics that an expression names. Fails if it is not valid PromQL. */
function metricsIn(expression: string): string[] {
  // Grafana's variables stand where PromQL has a duration or a text.
  const written = expression.replaceAll("$__rate_interval", "5m");
  const names: string[] = [];
  parser.parse(written).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`This is not valid PromQL at ${from}: ${expression}`);
      if (type.name === "VectorSelector")
        names.push(/^[a-z_:][\w:]*/i.exec(written.slice(from, to))![0]);
    },
  });
  return names;
}

const exampleOf = (name: string) =>
  readFileSync(join(projectRoot(), "docs/examples", name), "utf8");

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[];
}
const alerts = (parse(exampleOf("alerts.yml")) as Alerts).groups.flatMap(({ rules }) => rules);

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: { expr: string }[] }[];
}
const { panels } = JSON.parse(exampleOf("grafana-dashboard.json")) as Dashboard;

describe("the examples for Prometheus and Grafana", () => {
  it("name only metrics that there are", async () => {
    await fetch(`${server.url}/store/regions`);
    const known = new Set(
      [...(await readMetrics(server)).keys()].map((name) => name.replace(/\{.*/, "")),
    );
    // Prometheus makes this one.
    known.add("up");
    const expressions = [
      ...alerts.map(({ alert, expr }) => [alert, expr] as const),
      ...panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr }) => [title, expr] as const),
      ),
    ];
    expect(expressions.length).toBeGreaterThan(30);
    const unknown = expressions.flatMap(([title, expr]) =>
      metricsIn(expr)
        .filter((name) => !known.has(name))
        .map((name) => `${title}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(() => metricsIn("sum(rate(up[5m])")).toThrow("not valid PromQL");
  });
});
