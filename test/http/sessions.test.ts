import jwt from "jsonwebtoken";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { createEchoApp } from "./create-echo-app.ts";

type App = ReturnType<typeof createEchoApp>["app"];

let database: TestDatabase;
let app: App;
beforeAll(async () => {
  database = await openDatabase();
  app = createEchoApp({ COOKIE_SECRET_PREVIOUS: "old-secret" }, { knex: database.knex }).app;
});
afterAll(() => database.drop());

const me = (browser: ReturnType<typeof request.agent> | ReturnType<typeof request>) =>
  browser.get("/store/customers/me");
const cookieOf = (answer: { headers: Record<string, string> }) =>
  String(answer.headers["set-cookie"]);

async function loggedIn(customer: string) {
  const browser = request.agent(app);
  const answer = await browser.post("/store/auth").send({ customer });
  expect(answer.status).toBe(200);
  return { browser, answer };
}

describe("a request is not logged in with", () => {
  const claims = { customer_id: "cus_1", domain: "store" };
  const bearer = (payload: object, secret = "jwt-secret", options: jwt.SignOptions = {}) =>
    `Bearer ${jwt.sign(payload, secret, options)}`;
  it.each([
    ["an empty header", ""],
    ["no scheme", "abc"],
    ["another scheme", bearer(claims).replace("Bearer", "Basic")],
    ["no token", "Bearer abc.def.ghi"],
    ["another secret", bearer(claims, "other")],
    ["another algorithm", bearer(claims, "jwt-secret", { algorithm: "HS512" })],
    ["no algorithm", bearer(claims, "", { algorithm: "none" })],
    ["an expired token", bearer(claims, "jwt-secret", { expiresIn: -60 })],
    ["the admin's domain", bearer({ ...claims, domain: "admin" })],
    ["no domain", bearer({ customer_id: "cus_1" })],
    ["no customer", bearer({ user_id: "usr_1", domain: "store" })],
  ])("%s", async (_, authorization) => {
    const answer = await me(request(app)).set("authorization", authorization);
    expect([answer.status, answer.text]).toEqual([401, "Unauthorized"]);
    expect(
      (await request(app).get("/store/things/a").set("authorization", authorization)).status,
    ).toBe(200);
  });

  it.each([
    "connect.sid=s%3AAAAA.c2lnbmF0dXJl",
    "connect.sid=%%%; a; =b",
    "connect.sid=",
    "connect.sid=j%3A%7B%7D",
    "connect.sid=j:[1]; connect.sid=s:a.b",
  ])("a cookie that is %s", async (cookie) => {
    for (const answer of [
      await me(request(app)).set("cookie", cookie),
      await request(app).post("/store/customers/me").set("cookie", cookie),
    ])
      expect([answer.status, answer.headers["set-cookie"]]).toEqual([401, undefined]);
  });

  it("no login, before its body is validated", async () => {
    expect((await request(app).post("/store/customers/me").send({ name: 1 })).status).toBe(401);
  });
});

describe("a session", () => {
  it("begins at login and lasts ten hours from the last request", async () => {
    const { browser, answer } = await loggedIn("cus_ada");
    expect(cookieOf(answer)).toMatch(
      /^connect\.sid=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect((await me(browser)).body).toEqual({ customer: "cus_ada" });
    const { rows } = await database.knex.raw(
      "select expire - now() > '9 hours 59 minutes' as lasts from nettle_session",
    );
    expect(rows[0].lasts).toBe(true);
  });

  it("gets a new id at the next login, and the old one is invalid", async () => {
    const { browser, answer } = await loggedIn("cus_ada");
    const old = cookieOf(answer).split(";")[0]!;
    await browser.post("/store/auth").send({ customer: "cus_emil" });
    expect((await me(browser)).body).toEqual({ customer: "cus_emil" });
    expect((await me(request(app)).set("cookie", old)).status).toBe(401);
  });

  it("ends at logout, which may be repeated", async () => {
    const { browser, answer } = await loggedIn("cus_ada");
    const out = await browser.delete("/store/auth");
    expect([out.status, out.text, out.headers["content-type"]]).toEqual([
      200,
      "OK",
      "text/plain; charset=utf-8",
    ]);
    expect(cookieOf(out)).toContain("Expires=Thu, 01 Jan 1970");
    expect((await me(request(app)).set("cookie", cookieOf(answer).split(";")[0]!)).status).toBe(
      401,
    );
    expect((await browser.delete("/store/auth")).status).toBe(200);
  });

  it("wins over a token", async () => {
    const { browser } = await loggedIn("cus_ada");
    const ben = jwt.sign({ customer_id: "cus_ben", domain: "store" }, "jwt-secret");
    expect((await me(browser).set("authorization", `Bearer ${ben}`)).body).toEqual({
      customer: "cus_ada",
    });
    expect((await me(browser).set("authorization", "Bearer rubbish")).body).toEqual({
      customer: "cus_ada",
    });
    expect((await me(request(app)).set("authorization", `bearer ${ben}`)).body).toEqual({
      customer: "cus_ben",
    });
  });

  it("keeps an admin of the Medusa backend logged in", async () => {
    const { browser, answer } = await loggedIn("cus_ada");
    const id = /s%3A([^.]+)\./.exec(cookieOf(answer))![1]!;
    await database.knex.raw(
      `update nettle_session set sess = sess::jsonb || '{"user_id":"usr_1"}' where sid = ?`,
      [id],
    );
    await browser.post("/store/auth").send({ customer: "cus_emil" });
    await browser.delete("/store/auth");
    const { rows } = await database.knex.raw(
      "select sess from nettle_session where sess->>'user_id' = 'usr_1'",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].sess.customer_id).toBeUndefined();
    expect((await me(browser)).status).toBe(401);
  });

  it("signed with the previous secret is valid", async () => {
    const former = createEchoApp({ COOKIE_SECRET: "old-secret" }, { knex: database.knex }).app;
    const answer = await request(former).post("/store/auth").send({ customer: "cus_ada" });
    expect((await me(request(app)).set("cookie", cookieOf(answer).split(";")[0]!)).body).toEqual({
      customer: "cus_ada",
    });
  });

  it("has a SameSite=None cookie where that is set", async () => {
    const { app: open } = createEchoApp({ SESSION_SAME_SITE: "none" }, { knex: database.knex });
    const answer = await request(open)
      .post("/store/auth")
      .set("x-forwarded-proto", "https")
      .send({ customer: "cus_ada" });
    expect(cookieOf(answer)).toMatch(/; HttpOnly; Secure; SameSite=None$/);
  });

  it("has a Secure cookie over HTTPS, also behind a proxy", async () => {
    const answer = await request(app)
      .post("/store/auth")
      .set("x-forwarded-proto", "https")
      .send({ customer: "cus_ada" });
    expect(cookieOf(answer)).toContain("; Secure");
  });
});

describe("while the session store is unavailable", () => {
  it("only requests with a session are refused", async () => {
    const { answer } = await loggedIn("cus_ada");
    const { app: away, knex } = createEchoApp();
    const refused = await me(request(away)).set("cookie", cookieOf(answer).split(";")[0]!);
    expect([refused.status, refused.body.type, refused.headers["retry-after"]]).toEqual([
      503,
      "unavailable",
      "2",
    ]);
    expect((await request(away).post("/store/auth").send({ customer: "cus_ada" })).status).toBe(
      503,
    );
    expect((await request(away).get("/store/things/a")).status).toBe(200);
    const token = jwt.sign({ customer_id: "cus_ben", domain: "store" }, "jwt-secret");
    expect((await me(request(away)).set("authorization", `Bearer ${token}`)).status).toBe(200);
    expect((await request(away).get("/ready")).body).toEqual({
      ready: false,
      database: "down",
      redis: "unused",
    });
    expect((await request(away).get("/health")).text).toBe("OK");
    await knex.destroy();
  });
});
