import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { findProgram } from "../support/find-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { freePort } from "../support/redis-server.ts";
import { runNginx } from "../support/run-nginx.ts";
import { makeCertificate } from "../support/test-certificate.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

const NAME = "api.shop.example";
const nginx = findProgram("nginx");

let program: NettleProgram;
let database: TestDatabase;
let servers: ServerProcess[];
let proxy: { stop: () => Promise<void> };
let folder: string;
const ports = { http: 0, https: 0 };
const { cert, key } = makeCertificate(NAME);

beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase();
  servers = [await serve(), await serve()];
  folder = mkdtempSync(join(tmpdir(), "nettle-https-"));
  writeFileSync(join(folder, "fullchain.pem"), cert);
  writeFileSync(join(folder, "privkey.pem"), key);
  ports.http = await freePort();
  ports.https = await freePort();
  if (nginx) proxy = await runNginx(nginx, example(), () => isThere());
});
afterAll(async () => {
  await proxy?.stop();
  program.remove();
  rmSync(folder, { recursive: true });
  await database.drop();
});

const serve = (port = 0) =>
  program.serve({
    DATABASE_URL: database.url,
    JWT_SECRET: "a-secret-behind-nginx",
    COOKIE_SECRET: "another-one-behind-nginx",
    HOST: "127.0.0.1",
    PORT: String(port),
  });

/** The documented file, with this test's ports and certificate, and a line for each server. */
const example = () =>
  readFileSync(join(projectRoot(), "docs/examples/nginx-https.conf"), "utf8")
    .replace(/server 127\.0\.0\.1:9000(.*;)/, (_, options) =>
      servers.map(({ port }) => `server 127.0.0.1:${port}${options}`).join(" "),
    )
    .replace("listen 80;", `listen 127.0.0.1:${ports.http};`)
    .replace("listen 443 ", `listen 127.0.0.1:${ports.https} `)
    .replaceAll("/etc/letsencrypt/live/api.shop.example", folder);

/** Sends a request by HTTPS to the name of the shop, whose certificate is checked. */
function ask(
  path: string,
  { method = "GET", body }: { method?: string; body?: object } = {},
): Promise<IncomingMessage & { readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: NAME, "content-type": "application/json" };
    const options = { host: "127.0.0.1", port: ports.https, path, method, headers };
    request({ ...options, ca: cert, servername: NAME, agent: false }, async (answer) =>
      resolve(Object.assign(answer, { body: await text(answer) })),
    )
      .on("error", reject)
      .end(body && JSON.stringify(body));
  });
}

const statusOf = ({ statusCode }: IncomingMessage) => statusCode;

const isThere = () =>
  ask("/health").then(
    ({ statusCode }) => statusCode === 200,
    () => false,
  );

describe.runIf(nginx)("Nettle behind the documented nginx with HTTPS", () => {
  it("is reached by HTTPS alone: a request by HTTP is sent on with its method", async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.http}/store/carts?a=b`, {
      method: "POST",
      redirect: "manual",
      headers: { host: NAME },
    });
    expect(answer.status).toBe(308);
    expect(answer.headers.get("location")).toMatch(/^https:\/\/[^/]+\/store\/carts\?a=b$/);
  });

  it("marks its session cookie as secure, and only there", async () => {
    const body = {
      ...{ first_name: "Ada", last_name: "Lovelace" },
      ...{ email: "ada@shop.example", password: "correct-horse" },
    };
    const { headers, statusCode } = await ask("/store/customers", { method: "POST", body });
    expect(statusCode).toBe(200);
    expect(headers["set-cookie"]).toEqual([expect.stringMatching(/^connect\.sid=.*; Secure/)]);
    expect(headers["strict-transport-security"]).toMatch(/^max-age=\d{7,}/);
    const direct = await fetch(`${servers[0]!.url}/store/auth`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: body.email, password: body.password }),
    });
    expect(direct.headers.get("set-cookie")).toMatch(/^connect\.sid=.*; HttpOnly/);
    expect(direct.headers.get("set-cookie")).not.toContain("Secure");
  });

  it("logs a request under nginx's id, which the answer names", async () => {
    const { headers } = await ask("/store/regions");
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    const log = () => servers.map((server) => server.out()).join("");
    await vi.waitFor(() => expect(log()).toContain(`"${headers["x-request-id"]}"`), {
      timeout: 20_000,
    });
  });

  it("answers probes from this machine, and refuses bodies that are too large", async () => {
    expect((await ask("/ready")).statusCode).toBe(200);
    const body = { note: "x".repeat(2_000_000) };
    expect((await ask("/store/carts", { method: "POST", body })).statusCode).toBe(413);
  });

  it("loses no read while the servers restart one after another", async () => {
    const answers: unknown[] = [];
    let isOver = false;
    const read = async () => {
      while (!isOver) answers.push(await ask("/store/regions").then(statusOf, String));
    };
    const readers = Promise.all(Array.from({ length: 4 }, read));
    for (const [place, server] of servers.entries()) {
      server.signal("SIGTERM");
      expect(await server.ended()).toBe(0);
      servers[place] = await serve(server.port);
    }
    isOver = true;
    await readers;
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(answers.length).toBeGreaterThan(50);
  });
});
