import { once } from "node:events";
import { get, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openShop } from "../support/open-shop.ts";
import { openBackend } from "./open-backend.ts";
import { sendRaw } from "./send-raw.ts";

const backend = await openBackend();
const settings = {
  FALLBACK_URL: backend.url,
  FALLBACK_PATHS: "/store/products/featured",
  FALLBACK_SECONDS: "1",
  FALLBACK_REQUESTS: "3",
  TRUST_PROXY: "127.0.0.9",
};
const shop = openShop({ settings });

/** The requests that the backend has received while something ran. */
async function receivedDuring(run: () => Promise<unknown>) {
  const before = backend.received.length;
  await run();
  return backend.received.slice(before);
}

const raw = (line: string, ...headers: string[]) =>
  sendRaw(shop.url, [`${line} HTTP/1.1`, "Host: shop.example", "Connection: close", ...headers]);

describe("what this server has stays its own", () => {
  it.each([
    ["GET", "/store/regions"],
    ["GET", "/STORE/Regions/"],
    ["HEAD", "/store/products"],
    ["OPTIONS", "/store/carts"],
    ["POST", "/store/carts/cart_of_nobody/complete"],
    ["GET", "/health"],
    ["GET", "/ready"],
    ["GET", "/docs/"],
    ["GET", "/openapi.json"],
    ["GET", "/demo/pictures/none.svg"],
    ["POST", "/hooks/payment/manual"],
  ])("%s %s", async (method, path) => {
    const received = await receivedDuring(() => fetch(shop.url + path, { method }));
    expect(received).toEqual([]);
  });

  it.each([
    "/store%2Fcarts",
    "/store//carts",
    "//store/carts",
    "/store/./carts",
    "/store/x/../carts",
    "/store/%63arts",
    "/store/%2563arts",
    "/store\\carts",
    "/%73tore/auth",
    "/store/carts/cart_1/%63omplete",
    "/health%2f",
  ])("also when it is written otherwise: %s", async (path) => {
    const received = await receivedDuring(async () => {
      expect(await raw(`POST ${path}`, "Content-Length: 0")).toContain(" 404 ");
    });
    expect(received).toEqual([]);
  });
});

describe("what the backend must not receive", () => {
  it("is a request that names another server", async () => {
    expect(await raw("GET http://internal.example/brands")).toContain(" 400 ");
    expect(await raw("GET /brands/%zz")).toContain(" 400 ");
  });

  it("is one that comes back from this server", async () => {
    const answer = await raw("GET /brands", "Via: 1.1 nettle");
    expect(answer).toContain(" 400 ");
    expect(answer).toContain("FALLBACK_URL leads back to this server");
  });

  it("are headers of the connection, and those that a client wants removed", async () => {
    const [received] = await receivedDuring(() =>
      raw(
        "GET /brands",
        "Connection: close, X-Secret, X-Forwarded-For",
        "X-Secret: 1",
        "X-Forwarded-For: 6.6.6.6",
        "X-Real-IP: 6.6.6.6",
        "Forwarded: for=6.6.6.6",
        "Proxy-Authorization: Basic eA==",
        "TE: trailers",
        "Upgrade: websocket",
        "Keep-Alive: timeout=900",
      ),
    );
    const { headers } = received!;
    expect(headers).toMatchObject({
      "x-forwarded-for": expect.stringMatching(/127\.0\.0\.1$/),
      "x-forwarded-host": "shop.example",
      "x-forwarded-proto": "http",
      host: new URL(backend.url).host,
    });
    expect(JSON.stringify(headers)).not.toContain("6.6.6.6");
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/x-secret|proxy-|^te$|upgrade|keep-alive/)]),
    );
  });

  it("is a second request hidden in the body of one", async () => {
    const hidden = "0\r\n\r\nGET /admin/hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    const received = await receivedDuring(() =>
      sendRaw(shop.url, [
        "POST /brands HTTP/1.1",
        "Host: shop.example",
        `Content-Length: ${hidden.length}`,
        "Transfer-Encoding: chunked",
        "",
        hidden,
      ]),
    );
    expect(received.map(({ url }) => url)).not.toContain("/admin/hidden");
  });
});

describe("what this server does not have", () => {
  it.each([
    ["GET", "/admin/products?limit=3&q=a%20b"],
    ["POST", "/store/brands"],
    ["PUT", "/store/carts/cart_1"],
    ["DELETE", "/store/customers/me"],
    ["PATCH", "/uploads/a.png"],
    ["GET", "/store/products/featured"],
    ["GET", "/store/products/featured/today"],
    ["GET", "/"],
  ])("is answered by the backend: %s %s", async (method, path) => {
    const body = method === "GET" ? null : '{"name":"ä"}';
    const answer = await fetch(shop.url + path, {
      method,
      body,
      headers: { Cookie: "connect.sid=s%3Aabc", Authorization: "Bearer x", "X-Request-Id": "abc" },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-backend")).toBe("yes");
    expect(await answer.json()).toMatchObject({
      ...{ method, url: path, body: body ?? "" },
      headers: { cookie: "connect.sid=s%3Aabc", authorization: "Bearer x", "x-request-id": "abc" },
    });
    // The policy of our JSON answers would break a page such as the admin's.
    expect(answer.headers.get("content-security-policy")).toBeNull();
    // The backend's own, which speaks of another connection.
    expect(answer.headers.get("keep-alive")).toBeNull();
  });

  it("is not parsed here: a body larger than BODY_LIMIT, and one that is no JSON", async () => {
    const body = "x".repeat(1_000_000);
    const answer = await fetch(`${shop.url}/admin/uploads`, { method: "POST", body });
    expect(((await answer.json()) as { body: string }).body).toHaveLength(1_000_000);
    const broken = await fetch(`${shop.url}/store/brands`, {
      method: "POST",
      body: "{",
      headers: { "Content-Type": "application/json" },
    });
    expect(broken.status).toBe(201);
  });

  it("arrives piece by piece, in both directions", async () => {
    backend.answer("/stream", (req, res) => {
      res.writeHead(200);
      res.flushHeaders();
      req.pipe(res);
    });
    const sending = request(`${shop.url}/stream`, { method: "POST" });
    sending.write("one");
    const [answer] = await once(sending, "response");
    const [first] = await once(answer, "data");
    expect(String(first)).toBe("one");
    sending.write("two");
    const [second] = await once(answer, "data");
    expect(String(second)).toBe("two");
    sending.end();
    await once(answer, "end");
  });
});

describe("a backend that fails", () => {
  it("and sends nothing for FALLBACK_SECONDS is answered for with 503", async () => {
    backend.answer("/silent", () => {});
    const { status, body } = await shop.get("/silent");
    expect(status).toBe(503);
    expect(body).toEqual({
      type: "unavailable",
      message: "The server behind this one does not answer",
    });
  });

  it("in the middle of an answer cuts the client off, and nobody else", async () => {
    backend.answer("/half", (_req, res) => {
      res.writeHead(200, { "Content-Length": "100" });
      res.write("half");
      setImmediate(() => res.destroy());
    });
    await expect(fetch(`${shop.url}/half`).then((answer) => answer.text())).rejects.toThrow();
    expect((await shop.get("/store/regions")).status).toBe(200);
  });

  it("gets FALLBACK_REQUESTS at once, and each further one is refused at once", async () => {
    const held: (() => void)[] = [];
    backend.answer("/held", (_req, res) => void held.push(() => res.end("done")));
    const waiting = [1, 2, 3].map(() => fetch(`${shop.url}/held`));
    await expect.poll(() => held.length).toBe(3);
    const refused = await shop.get("/held");
    expect(refused.status).toBe(503);
    expect(refused.body.message).toContain("too many requests");
    for (const release of held) release();
    for (const answer of await Promise.all(waiting)) expect(await answer.text()).toBe("done");
  });

  it("is not kept busy by clients that leave", async () => {
    let left = 0;
    backend.answer("/left", (_req, res) => void res.once("close", () => left++));
    const sent = get(`${shop.url}/left`).on("error", () => {});
    await sleep(50);
    sent.destroy();
    await expect.poll(() => left).toBe(1);
  });
});

describe("without a backend", () => {
  const alone = openShop({ settings: { FALLBACK_URL: "http://127.0.0.1:9" } });
  it("whose address answers, a request ends with 503", async () => {
    expect((await alone.get("/admin/products")).status).toBe(503);
    expect((await alone.get("/store/regions")).status).toBe(200);
  });
});
