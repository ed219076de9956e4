import request from "supertest";
import { describe, expect, it } from "vitest";
import { createEchoApp } from "./create-echo-app.ts";

const { app } = createEchoApp();

describe("unknown paths", () => {
  it.each(["/nowhere", "/store/no-such-route", "/store", "/store/things", "/store/things/a/b"])(
    "are 404 in JSON: GET %s",
    async (path) => {
      const answer = await request(app).get(path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ type: "not_found", message: `There is no GET ${path}` });
    },
  );

  it("are 401 below /store/customers without a login", async () => {
    for (const path of [
      "/store/customers",
      "/store/customers/me/nothing",
      "/store/customers/cus_1",
    ]) {
      const answer = await request(app).put(path);
      expect([answer.status, answer.text]).toEqual([401, "Unauthorized"]);
    }
  });

  it.each(["%", "%FF", "%E0%A4%A", "reg%00_x", "%ED%A0%80"])(
    "are 400 with the id %s",
    async (id) => {
      const answer = await request(app).get(`/store/things/${id}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ type: "invalid_data", message: expect.stringMatching(/\w/) });
    },
  );

  it("are 400 with an invalid query", async () => {
    expect((await request(app).get("/store/things/a?q=%00")).status).toBe(400);
    expect((await request(app).get(`/store/things/a?${"id=x&".repeat(1001)}`)).status).toBe(400);
    expect((await request(app).get("/store/things/a?nonsense=1")).body.message).toBe(
      "property nonsense should not exist",
    );
  });
});

describe("paths", () => {
  it("ignore case and a trailing slash", async () => {
    expect((await request(app).get("/Store/THINGS/Reg_1/")).body.id).toBe("Reg_1");
  });

  it("decode ids of any length", async () => {
    expect((await request(app).get("/store/things/%E6%97%A5%2F%F0%9F%8E%89")).body.id).toBe(
      "日/🎉",
    );
    expect((await request(app).get(`/store/things/${"x".repeat(3000)}`)).body.id).toHaveLength(
      3000,
    );
  });

  it("that are fixed win over those with a parameter", async () => {
    expect((await request(app).post("/store/things/search")).body).toEqual({ search: true });
  });

  it("answer HEAD as GET, without a body", async () => {
    const answer = await request(app).head("/store/things/a");
    expect([answer.status, answer.headers["content-type"], answer.text]).toEqual([
      200,
      "application/json; charset=utf-8",
      undefined,
    ]);
  });

  it("accept lists in every spelling", async () => {
    for (const query of ["id=x&id=y", "id[]=x&id[]=y", "id[0]=x&id[1]=y", "id[]=x,y"]) {
      expect((await request(app).get(`/store/things/a?${query}`)).body.query).toEqual({
        id: ["x", "y"],
      });
    }
  });
});

describe("a conditional request", () => {
  it("is answered 304 when nothing changed", async () => {
    const { etag } = (await request(app).get("/store/things/a")).headers;
    expect(etag).toBeDefined();
    const again = (headers: Record<string, string>) =>
      request(app).get("/store/things/a").set(headers);
    expect((await again({ "if-none-match": etag! })).status).toBe(304);
    expect((await again({ "if-none-match": "*" })).status).toBe(304);
    expect((await again({ "if-none-match": "*", "cache-control": "no-cache" })).status).toBe(200);
    expect((await again({ "if-none-match": 'W/"1-abc"' })).status).toBe(200);
    const failed = await request(app).get("/store/failures/missing").set("if-none-match", "*");
    expect(failed.status).toBe(404);
  });
});

describe("errors", () => {
  it.each([
    ["missing", 404, { type: "not_found", message: "Thing with id: x was not found" }],
    [
      "duplicate",
      422,
      { code: "invalid_request_error", type: "duplicate_error", message: "It exists already" },
    ],
    [
      "conflict",
      409,
      { code: "invalid_state_error", type: "conflict", message: "It changed meanwhile" },
    ],
    ["several", 400, { errors: ["one", "two"], message: "Two faults" }],
    [
      "surprise",
      500,
      { code: "unknown_error", type: "unknown_error", message: "An unknown error occurred." },
    ],
  ])("are mapped: %s to %i", async (kind, status, body) => {
    const answer = await request(app).get(`/store/failures/${kind}`);
    expect([answer.status, answer.body]).toEqual([status, body]);
  });

  it("of the database that are temporary are 503 with Retry-After", async () => {
    const answer = await request(app).get("/store/failures/database");
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "2"]);
    expect(answer.body).toEqual({
      type: "unavailable",
      message: expect.stringContaining("took too long"),
    });
  });
});
