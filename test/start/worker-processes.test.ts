import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

let program: NettleProgram;
let database: TestDatabase;
beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase();
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const WAIT = { timeout: 20_000, interval: 50 };

const shop = () => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  NETTLE_WORKERS: "2",
});

interface LogLine {
  readonly pid: number;
  readonly event?: string;
  readonly worker_pid?: number;
  readonly port?: number;
  readonly host?: string;
  /** Of the start of a demo shop: its customer's e-mail and password. */
  readonly customer?: string;
}

function linesOf(server: ServerProcess): LogLine[] {
  return server
    .out()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

/** Sends a request on a connection of its own. */
async function ask(server: ServerProcess, path = "/store/regions", init: RequestInit = {}) {
  const headers = { ...init.headers, connection: "close" };
  return fetch(`${server.url}${path}`, { ...init, headers });
}

/** Asks until this many processes have logged a request. Returns their ids. */
async function askUntilServedBy(
  server: ServerProcess,
  count: number,
  without?: number,
): Promise<number[]> {
  const pids = new Set<number>();
  await vi.waitFor(async () => {
    expect((await ask(server)).status).toBe(200);
    for (const { event, pid } of linesOf(server))
      if (event === "request" && pid !== without) pids.add(pid);
    expect(pids.size).toBeGreaterThanOrEqual(count);
  }, WAIT);
  return [...pids];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function stop(server: ServerProcess): Promise<void> {
  server.signal("SIGTERM");
  expect(await server.ended()).toBe(0);
}

describe("several worker processes do not start", () => {
  it("on a port that is in use, and the reason is printed once", async () => {
    const first = await program.serve(shop());
    const port = String(first.port);
    const { code, error, out } = await program.run("serve", { ...shop(), PORT: port });
    expect([code, error]).toEqual([
      1,
      `Port ${port} is in use already: stop what listens there, or set PORT to another.\n`,
    ]);
    expect(out).not.toContain("Nettle is at");
    await stop(first);
  });
});

describe("several worker processes", () => {
  it("answer requests on one port, are announced once, and end on SIGTERM", async () => {
    const server = await program.serve(shop());
    const pids = await askUntilServedBy(server, 2);
    expect(pids).not.toContain(server.pid);
    expect(server.out().match(/Nettle is at/g)).toHaveLength(1);
    const events = linesOf(server).map(({ event }) => event);
    expect(events.filter((event) => event === "providers_installed")).toHaveLength(1);
    expect(events.filter((event) => event === "mail_disabled")).toHaveLength(1);
    await stop(server);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it("finish open requests after SIGTERM", async () => {
    const server = await program.serve(shop());
    const body = '{"a":"b"}';
    const socket = connect(server.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (part) => {
      answer += String(part);
    });
    const head = "POST /store/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n{"a":`);
    await askUntilServedBy(server, 2);
    server.signal("SIGTERM");
    await vi.waitFor(() => expect(server.out().match(/Stopping/g)).toHaveLength(3), WAIT);
    await expect(ask(server, "/health")).rejects.toThrow();
    socket.write('"b"}');
    expect(await server.ended()).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("are replaced when they are killed", async () => {
    const server = await program.serve({ ...shop(), METRICS_PORT: "0" });
    const [killed, other] = await askUntilServedBy(server, 2);
    process.kill(killed!, "SIGKILL");
    await vi.waitFor(
      () =>
        expect(linesOf(server)).toContainEqual(
          expect.objectContaining({ event: "worker_ended", pid: server.pid, worker_pid: killed }),
        ),
      WAIT,
    );
    const pids = await askUntilServedBy(server, 2, killed);
    expect(pids).toContain(other);
    const metrics = await metricsOf(server);
    expect(metrics).toMatch(/^nettle_worker_restarts_total 1$/m);
    expect(metrics).toMatch(/^nettle_workers 2$/m);
    await stop(server);
  });

  it("end with the primary process, however that ends", async () => {
    const server = await program.serve(shop());
    const pids = await askUntilServedBy(server, 2);
    server.signal("SIGKILL");
    await server.ended();
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), WAIT);
  });

  it("show the sum of their metrics on one port", async () => {
    const server = await program.serve({ ...shop(), METRICS_PORT: "0" });
    await askUntilServedBy(server, 2);
    await vi.waitFor(async () => {
      const logged = linesOf(server).filter(({ event }) => event === "request").length;
      const counted = /^http_request_duration_seconds_count\{.*regions.*\} (\d+)$/m;
      expect(Number(counted.exec(await metricsOf(server))?.[1])).toBe(logged);
    }, WAIT);
    await stop(server);
  });

  it("count attempts together", async () => {
    const server = await program.serve({ ...shop(), RATE_LIMIT_ATTEMPTS: "4" });
    await askUntilServedBy(server, 2);
    const logIn = () =>
      ask(server, "/store/auth/token", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "ada@example.com", password: "wrong" }),
      });
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries++) statuses.push((await logIn()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    await stop(server);
  });

  it("serve the demo shop of one embedded database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nettle-workers-"));
    // PostgreSQL does not run as root: the user it runs as must get in.
    await chmod(folder, 0o755);
    const server = await program.serve({ NETTLE_DATA: join(folder, "data"), NETTLE_WORKERS: "2" });
    await askUntilServedBy(server, 2);
    const started = linesOf(server).find(({ event }) => event === "server_started")!;
    const [email, password] = started.customer!.split(" / ");
    const answer = await ask(server, "/store/auth/token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    // A token that one process has signed is accepted by all of them.
    for (let tries = 0; tries < 4; tries++) {
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await ask(server, "/store/customers/me", { headers })).status).toBe(200);
    }
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  });
});

async function metricsOf(server: ServerProcess): Promise<string> {
  const { port } = linesOf(server).find(({ event }) => event === "metrics_listening")!;
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}
