import request from "supertest";
import { describe, expect, it } from "vitest";
import { createEchoApp } from "./create-echo-app.ts";

const { app } = createEchoApp();
const post = (body: string, type = "application/json", path = "/store/things") =>
  request(app).post(path).set("content-type", type).send(body);

describe("bodies that cannot be read", () => {
  it.each([
    ["broken JSON", '{"email":', "application/json", 400],
    ["JSON that is no object", '"text"', "application/json", 400],
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
  ])("%s is refused in words", async (_, body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.body).toEqual({ type: "invalid_data", message: expect.stringMatching(/\w/) });
  });

  it("are refused before the login is asked for", async () => {
    expect((await post("{]", "application/json", "/store/customers/me")).status).toBe(400);
    expect((await post("{}", "application/json", "/store/customers/me")).status).toBe(401);
  });

  it("are refused when compressed in an unknown way", async () => {
    const answer = await post("{}").set("content-encoding", "zip");
    expect(answer.status).toBe(415);
    expect(answer.body.message).toContain("encoding");
  });
});

describe("bodies", () => {
  it.each([
    ["empty", "", "application/json"],
    ["called text", '{"a":1}', "text/plain"],
    ["a form", "a=1", "application/x-www-form-urlencoded"],
    ["another JSON type", '{"a":1}', "application/vnd.api+json"],
  ])("%s count as {}", async (_, body, type) => {
    const answer = await post(body, type);
    expect(answer.body).toEqual({ body: {} });
  });

  it("may name their charset, have space around, and repeat a key: the last counts", async () => {
    const answer = await post(' \r\n\t{"a":1,"a":2}\n ', "Application/JSON; charset=UTF-8");
    expect(answer.body).toEqual({ body: { a: 2 } });
  });

  it("just under 100 KiB are read", async () => {
    expect((await post(JSON.stringify({ x: "x".repeat(102_000) }))).status).toBe(200);
  });

  it("are not needed by a GET that names a type", async () => {
    expect(
      (await request(app).get("/store/things/a").set("content-type", "application/json")).status,
    ).toBe(200);
  });
});
