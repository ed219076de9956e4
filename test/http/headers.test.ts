import request from "supertest";
import { describe, expect, it } from "vitest";
import { createEchoApp } from "./create-echo-app.ts";

const { app } = createEchoApp();
const STOREFRONT = "http://localhost:8000";

describe("requests from other origins", () => {
  it.each(["http://evil.example", "http://localhost:8001", "null"])(
    "are answered without CORS headers: %s",
    async (origin) => {
      const answer = await request(app).get("/store/things/a").set("origin", origin);
      expect(answer.status).toBe(200);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      expect(answer.headers["vary"]).toContain("Origin");
    },
  );

  it("are not allowed by a preflight", async () => {
    const answer = await request(app)
      .options("/store/carts")
      .set({ origin: "http://evil.example", "access-control-request-method": "POST" });
    expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([
      204,
      undefined,
    ]);
  });

  it("have no CORS headers outside the Store API", async () => {
    const answer = await request(app).get("/health").set("origin", STOREFRONT);
    expect([answer.text, answer.headers["access-control-allow-origin"]]).toEqual(["OK", undefined]);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  });
});

describe("requests from the storefront", () => {
  it.each([
    ["/store/things/a", 200],
    ["/store/customers/me", 401],
    ["/store/failures/missing", 404],
    ["/store/no-such-route", 404],
    ["/store/things/%", 400],
  ])("may read the response of %s", async (path, status) => {
    const answer = await request(app).get(path).set("origin", STOREFRONT);
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBe(STOREFRONT);
    expect(answer.headers["access-control-allow-credentials"]).toBe("true");
  });

  it("may send any header, by a preflight that lasts a day", async () => {
    const answer = await request(app).options("/store/customers/me").set({
      origin: STOREFRONT,
      "access-control-request-method": "GET",
      "access-control-request-headers": "next,x-publishible-api-key",
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": STOREFRONT,
      "access-control-allow-headers": "next,x-publishible-api-key",
      "access-control-max-age": "86400",
    });
  });
});

describe("every response", () => {
  it("has a request id: the client's if it is valid, else a new one", async () => {
    const ask = (id: string) => request(app).get("/store/things/a").set("x-request-id", id);
    expect((await ask("abc-123")).headers["x-request-id"]).toBe("abc-123");
    expect((await ask("a b<script>")).headers["x-request-id"]).toMatch(/^[\da-f-]{36}$/);
  });

  it("has security headers that allow storefronts to show pictures", async () => {
    const { headers } = await request(app).get("/store/things/a");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
    });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  it("sets no cookie without a login", async () => {
    for (const path of ["/store/things/a", "/store/customers/me", "/health"]) {
      expect((await request(app).get(path)).headers["set-cookie"]).toBeUndefined();
    }
  });
});

describe("compression", () => {
  const long = { q: "x".repeat(4000) };
  const ask = (compressing: Parameters<typeof request>[0], headers: Record<string, string>) =>
    request(compressing).get("/store/things/a").query(long).set(headers);

  it("is off by default", async () => {
    expect(
      (await ask(app, { "accept-encoding": "gzip, br" })).headers["content-encoding"],
    ).toBeUndefined();
  });

  it("follows Accept-Encoding and X-No-Compression", async () => {
    const compressing = createEchoApp({ HTTP_COMPRESSION: "on" }).app;
    expect(
      (await ask(compressing, { "accept-encoding": "gzip" })).headers["content-encoding"],
    ).toBe("gzip");
    expect(
      (await ask(compressing, { "accept-encoding": "gzip, br" })).headers["content-encoding"],
    ).toBe("br");
    expect(
      (await ask(compressing, { "accept-encoding": "gzip", "x-no-compression": "1" })).headers[
        "content-encoding"
      ],
    ).toBeUndefined();
  });
});

describe("rate limits", () => {
  it("refuse with a message and show the remaining requests", async () => {
    const limited = createEchoApp({ RATE_LIMIT_CATALOGUE: "2", RATE_LIMIT_LOOPBACK: "on" }).app;
    const first = await request(limited).get("/store/things/a");
    expect(first.headers["ratelimit"]).toContain("remaining=1");
    await request(limited).get("/store/things/a");
    const refused = await request(limited).get("/store/things/a").set("origin", STOREFRONT);
    expect([refused.status, refused.body]).toEqual([
      429,
      { type: "too_many_requests", message: expect.any(String) },
    ]);
    expect(refused.headers["access-control-allow-origin"]).toBe(STOREFRONT);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  });

  it.each<Record<string, string>>([
    { RATE_LIMIT: "off" },
    { RATE_LIMIT_LOOPBACK: "off" },
    { RATE_LIMIT_LOOPBACK: "on", RATE_LIMIT_TRUSTED: "127.0.0.0/8, ::1" },
  ])("do not apply with %j", async (settings) => {
    const free = createEchoApp({ RATE_LIMIT_CATALOGUE: "1", ...settings }).app;
    for (let count = 0; count < 3; count++)
      expect((await request(free).get("/store/things/a")).status).toBe(200);
  });
});
