import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

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

const shop = () => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
});

describe("nettle does not start", () => {
  it("with invalid settings, and names all of them", async () => {
    const { code, error } = await program.run("serve", {
      ...shop(),
      PORT: "http",
      JWT_SECRET: "supersecret",
      RATE_LIMIT: "maybe",
    });
    expect(code).toBe(1);
    expect(error.trim().split("\n")).toEqual([
      "Nettle cannot start with these settings:",
      expect.stringContaining("PORT must be"),
      expect.stringContaining("RATE_LIMIT must be"),
      expect.stringContaining("JWT_SECRET is a default"),
    ]);
  });

  it("without its database, and does not print the password", async () => {
    const { code, error } = await program.run("serve", {
      ...shop(),
      DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/shop",
    });
    expect(code).toBe(1);
    expect(error).toMatch(
      /^The database at 127\.0\.0\.1:1\/shop \(DATABASE_URL\) cannot be used: /,
    );
    expect(error).toMatch(/: .*ECONNREFUSED.*\.\n$/);
    expect(error.trim().split("\n")).toHaveLength(1);
  });

  it("on a port that is in use", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { code, error } = await program.run("serve", { ...shop(), PORT: String(port) });
    other.close();
    expect([code, error]).toEqual([
      1,
      `Port ${port} is in use already: stop what listens there, or set PORT to another.\n`,
    ]);
  });

  it("for an unknown command", async () => {
    const { code, out, error } = await program.run("dance", {});
    expect([code, out]).toEqual([1, ""]);
    expect(error).toMatch(/^error: unknown command 'dance'\nRun `node \S+nettle\.js help` for the/);
  });

  it("to seed or migrate without a database", async () => {
    for (const command of ["seed", "migrate"]) {
      const { code, error } = await program.run(command, {});
      expect([code, error]).toEqual([1, expect.stringMatching(/^DATABASE_URL is missing/)]);
    }
  });
});

describe("nettle serve", () => {
  it("logs its address but no personal data", async () => {
    const server = await program.serve({ ...shop(), METRICS_PORT: "0" });
    await fetch(`${server.url}/store/regions?q=ada@example.com`, {
      headers: { authorization: "Bearer secret-token", cookie: "a=secret" },
    });
    await fetch(`${server.url}/nowhere/ada@example.com`);
    await vi.waitFor(() => expect(server.out()).toContain('"route":"/store/regions"'));
    expect(server.out()).toContain(`"reference":"http://localhost:${server.port}/docs"`);
    expect(server.out()).not.toMatch(/ada@example|secret/);
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
  });

  it("serves metrics on this machine alone, and warns about short secrets", async () => {
    const server = await program.serve({ ...shop(), METRICS_PORT: "0", JWT_SECRET: "12345678" });
    const line = await vi.waitFor(
      () => /\{[^\n]*"event":"metrics_listening"[^\n]*\}/.exec(server.out())![0],
      { timeout: 10_000 },
    );
    const { host, port } = JSON.parse(line) as { host: string; port: number };
    expect(host).toBe("127.0.0.1");
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4");
    for (const { address } of others)
      await expect(fetch(`http://${address}:${port}/metrics`)).rejects.toThrow();
    await vi.waitFor(() => expect(server.out()).toContain("JWT_SECRET is weak"), {
      timeout: 10_000,
    });
    expect(server.out()).not.toContain("12345678");
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
  });

  it("finishes open requests after SIGTERM, but accepts no new ones", async () => {
    const server = await program.serve(shop());
    const idle = await openSocket(server.port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    const under = await openSocket(server.port, `${POST}{"a":`);
    await sleep(100);
    server.signal("SIGTERM");
    await vi.waitFor(() => expect(server.out()).toContain("Stopping"));
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    under.socket.write('"b"}  ');
    expect(await server.ended()).toBe(0);
    expect(under.said()).toMatch(/^HTTP\/1\.1 404 /);
    expect(idle.said()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("times out an incomplete body and rejects what is not HTTP", async () => {
    const server = await program.serve({
      ...shop(),
      HTTP_HEADERS_SECONDS: "1",
      HTTP_REQUEST_SECONDS: "1",
    });
    const slow = await openSocket(server.port, `${POST}{"a":`);
    const garbage = await openSocket(server.port, "ehlo shop\r\n\r\n");
    await Promise.all([once(slow.socket, "close"), once(garbage.socket, "close")]);
    expect(slow.said()).toMatch(/^HTTP\/1\.1 408 .*"type":"invalid_data"/s);
    expect(garbage.said()).toMatch(/^HTTP\/1\.1 400 .*"message":/s);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    server.signal("SIGINT");
    expect(await server.ended()).toBe(0);
  });
});

const POST =
  "POST /store/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
  "11\r\n\r\n";

async function openSocket(
  port: number,
  bytes: string,
): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (part) => {
    text += String(part);
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return { socket, said: () => text };
}
