import request from "supertest";
import { describe, expect, it } from "vitest";
import { createEchoApp } from "./create-echo-app.ts";

const { app } = createEchoApp();
const post = (body: string, type = "application/json", path = "/store/things") =>
  request(app).post(path).set("content-type", type).send(body);

describe("unreadable bodies", () => {
  it.each([
    ["broken JSON", '{"email":', "application/json", 400],
    ["JSON that is not an object", '"text"', "application/json", 400],
    ["null", "null", "application/json", 400],
    ["a list", "[]", "application/json", 400],
    ["another charset", "{}", "application/json; charset=latin1", 415],
    ["more than 100 KiB", JSON.stringify({ x: "x".repeat(103_000) }), "application/json", 413],
    [
      "JSON nested 20,000 deep",
      `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      "application/json",
      400,
    ],
    ["a NUL", '{"a":"\\u0000"}', "application/json", 400],
    ["half a surrogate pair", '{"a":{"b":["\\ud800"]}}', "application/json", 400],
  ])("are refused with a message: %s", async (_, body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.body).toEqual({ type: "invalid_data", message: expect.stringMatching(/\w/) });
  });

  it("are refused before the login is checked", async () => {
    expect((await post("{]", "application/json", "/store/customers/me")).status).toBe(400);
    expect((await post("{}", "application/json", "/store/customers/me")).status).toBe(401);
  });

  it("are refused with an unknown content encoding", async () => {
    const answer = await post("{}").set("content-encoding", "zip");
    expect(answer.status).toBe(415);
    expect(answer.body.message).toContain("encoding");
  });
});

describe("bodies", () => {
  it.each([
    ["empty", "", "application/json"],
    ["declared as text", '{"a":1}', "text/plain"],
    ["a form", "a=1", "application/x-www-form-urlencoded"],
    ["another JSON type", '{"a":1}', "application/vnd.api+json"],
  ])("count as {} when %s", async (_, body, type) => {
    const answer = await post(body, type);
    expect(answer.body).toEqual({ body: {} });
  });

  it("may have a charset, whitespace and repeated keys", async () => {
    const answer = await post(' \r\n\t{"a":1,"a":2}\n ', "Application/JSON; charset=UTF-8");
    expect(answer.body).toEqual({ body: { a: 2 } });
  });

  it("are read up to 100 KiB", async () => {
    const text = "x".repeat(1000);
    const body = JSON.stringify(
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [n, text])),
    );
    expect(body.length).toBeGreaterThan(100_000);
    expect((await post(body)).status).toBe(200);
  });

  it("are not required by a GET with a content type", async () => {
    expect(
      (await request(app).get("/store/things/a").set("content-type", "application/json")).status,
    ).toBe(200);
  });
});
