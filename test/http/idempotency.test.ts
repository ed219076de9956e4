import { createServer, type Server } from "node:http";
import request from "supertest";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { newId } from "../../src/database/new-id.ts";
import { credentialCheck } from "../../src/domains/auth/credential-check.ts";
import { deleteOldAnswers } from "../../src/http/idempotency/stored-answers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { asCustomer } from "../support/as-customer.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import "../support/to-be-refused.ts";
import { aCustomer } from "../support/builders.ts";
import { counterRoutes, createCounters } from "./counter-routes.ts";
import { testConfig } from "./create-echo-app.ts";

let database: TestDatabase;
let server: Server;
beforeAll(async () => {
  database = await openDatabase();
  await createCounters(database.knex, ["red", "blue"]);
  await aCustomer(database.knex, { id: "cus_1" });
  const connections = { knex: database.knex, redis: undefined, log: createLog("silent") };
  const app = createApp(testConfig({ RATE_LIMIT: "off" }), connections, {
    routes: counterRoutes(database.knex),
    isCurrent: credentialCheck(database.knex),
    emailOf: async () => undefined,
  });
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  await database.drop();
});
beforeEach(() => database.knex("counter").update({ value: 0 }));
afterEach(() => database.knex("idempotency_key").delete());

type Headers = Record<string, string>;
const post = (path: string, body: object, headers: Headers = {}) =>
  request(server).post(`/store/counters/${path}`).set(headers).send(body);
const under = (
  key: string,
  path = "red/increments",
  body: object = { amount: 5 },
  headers: Headers = {},
) => post(path, body, { "idempotency-key": key, ...headers });
const counterValue = async (id = "red") =>
  (await database.knex("counter").where({ id }).first()).value;
const rows = () => database.knex("idempotency_key");

describe("a key of another request is refused", () => {
  beforeEach(async () => void (await under("mine")));

  it.each([
    ["another path", () => under("mine", "blue/increments")],
    ["another route", () => under("mine", "red/without-key-header")],
    ["another body", () => under("mine", "red/increments", { amount: 6 })],
    ["another customer", () => under("mine", "red/increments", { amount: 5 }, asCustomer("cus_1"))],
  ])("%s", async (_, ask) => {
    expect(await ask()).toBeRefused(422, { type: "idempotency_error", message: /another request/ });
    expect([await counterValue(), await counterValue("blue")]).toEqual([5, 0]);
  });

  it("after the validation of the body", async () => {
    expect(await under("mine", "red/increments", { amount: "5" })).toBeRefused(400, {
      message: "amount must be a number",
    });
  });

  it("like a key that is too long", async () => {
    expect(await under("x".repeat(256), "blue/increments")).toBeRefused(400, {
      type: "invalid_data",
    });
    expect(await counterValue("blue")).toBe(0);
  });
});

describe("a repeat with the same key", () => {
  it("returns the first response and does nothing", async () => {
    const first = await under("mine", "red/increments", { amount: 5, note: "ä" });
    const again = await under("mine", "red/increments", { note: "ä", amount: 5 });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await counterValue()).toBe(5);
    expect((await under("other")).body.counter.value).toBe(10);
  });

  it("is executed once when twenty run at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => under("mine")));
    expect(
      new Set(
        answers.map(({ status, text }) => `${status} ${JSON.stringify(JSON.parse(text).counter)}`),
      ),
    ).toEqual(new Set(['200 {"id":"red","value":5}']));
    expect(await counterValue()).toBe(5);
  });

  it("is refused with a different body when twenty run at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        under("mine", "red/increments", { amount: 1 + (at % 4) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(15);
    expect(await counterValue()).toBeLessThanOrEqual(4);
  });

  it("is executed after a refusal", async () => {
    expect(await under("mine", "red/increments", { amount: 600 })).toBeRefused(400, {
      message: "The counter is full",
    });
    expect(await under("mine", "red/increments", { amount: 600 })).toBeRefused(400, {
      message: "The counter is full",
    });
    expect(await rows()).toEqual([]);
    expect((await under("mine")).body.counter.value).toBe(5);
  });

  it("works for a logged-in customer", async () => {
    const asked = () => under("mine", "red/increments", { amount: 5 }, asCustomer("cus_1"));
    expect((await asked()).body).toEqual((await asked()).body);
    expect(await counterValue()).toBe(5);
  });

  it("returns the response of a route without a transaction", async () => {
    await under("look", "red/read", {});
    await under("mine");
    expect((await under("look", "red/read", {})).body.value).toBe(0);
  });

  it("is executed on a route without idempotency", async () => {
    await under("mine", "red/without-idempotency");
    await under("mine", "red/without-idempotency");
    expect(await counterValue()).toBe(10);
    expect(await rows()).toEqual([]);
  });

  it("fails where a route does not send the stored answer", async () => {
    expect((await under("mine", "red/wrong-answer", {})).status).toBe(500);
  });
});

describe("the key in the response headers", () => {
  it("is the client's, readable for storefronts", async () => {
    const { headers } = await under("mine");
    expect([headers["idempotency-key"], headers["access-control-expose-headers"]]).toEqual([
      "mine",
      "Idempotency-Key",
    ]);
  });

  it("is generated for a client without one", async () => {
    const first = await post("red/increments", { amount: 5 });
    const key = String(first.headers["idempotency-key"]);
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.body.key).toBe(key);
    const again = await under(key);
    expect(again.body).toEqual(first.body);
    expect(again.headers["idempotency-key"]).toBe(key);
    expect(await counterValue()).toBe(5);
  });

  it("is sent with a refusal, but not by the validation", async () => {
    expect(
      (await under("mine", "red/increments", { amount: 600 })).headers["idempotency-key"],
    ).toBe("mine");
    expect((await under("mine", "red/increments", {})).headers).not.toHaveProperty(
      "access-control-expose-headers",
    );
  });

  it("is not sent by other routes", async () => {
    const { headers } = await under("mine", "red/without-key-header");
    expect(headers).not.toHaveProperty("idempotency-key");
    expect(headers).not.toHaveProperty("access-control-expose-headers");
    await post("red/without-key-header", { amount: 5 });
    expect(await rows()).toHaveLength(1);
  });
});

describe("old keys", () => {
  const age = (hours: number) =>
    rows().update({ created_at: database.knex.raw(`now() - interval '${hours} hours'`) });

  it("can be used for another request after a day", async () => {
    await under("mine");
    await age(23);
    expect(await under("mine", "blue/increments")).toBeRefused(422);
    await age(25);
    expect((await under("mine", "blue/increments")).body.counter).toEqual({ id: "blue", value: 5 });
    expect((await under("mine", "blue/increments")).body.counter).toEqual({ id: "blue", value: 5 });
    expect(await under("mine")).toBeRefused(422);
    expect(await rows()).toHaveLength(1);
  });

  it("are deleted in small batches, without new ones and Medusa's", async () => {
    const long = Date.now() - 30 * 3_600_000;
    for (let number = 0; number < 5; number++) {
      const id = `ikey_nettle_${newId("x").slice(2)}`;
      await rows().insert({ id, idempotency_key: `old ${number}` });
    }
    await under("new");
    await rows().insert({ id: newId("ikey"), idempotency_key: "medusa's" });
    expect(await deleteOldAnswers(database.knex, 24, 2)).toBe(0);
    // The id of a row contains its time.
    const { encodeTime } = await import("ulid");
    for (let number = 0; number < 5; number++) {
      const id = `ikey_nettle_${encodeTime(long, 10)}000000000000000${number}`;
      await rows()
        .where({ idempotency_key: `old ${number}` })
        .update({ id });
    }
    expect(await deleteOldAnswers(database.knex, 24, 2)).toBe(2);
    expect(await deleteOldAnswers(database.knex, 24, 10)).toBe(3);
    expect((await rows().orderBy("idempotency_key")).map((row) => row.idempotency_key)).toEqual([
      "medusa's",
      "new",
    ]);
  });
});

describe("a key of a Medusa backend on the same database", () => {
  const medusa = (row: object) =>
    rows().insert({
      id: newId("ikey"),
      idempotency_key: "given",
      request_method: "POST",
      request_params: { id: "red" },
      request_path: "/red/increments",
      ...row,
    });
  const finished = {
    recovery_point: "finished",
    response_code: 200,
    response_body: { counter: { from: "Medusa" } },
  };

  it("returns Medusa's response", async () => {
    await medusa(finished);
    const { status, body } = await under("given");
    expect([status, body]).toEqual([200, finished.response_body]);
    expect(await counterValue()).toBe(0);
  });

  it("is refused on another path", async () => {
    await medusa(finished);
    expect(await under("given", "blue/increments")).toBeRefused(422);
  });

  it("is executed when Medusa has only started", async () => {
    await medusa({ recovery_point: "started" });
    expect((await under("given")).body.counter.value).toBe(5);
    expect((await under("given")).body.counter.value).toBe(5);
  });

  it("is refused while Medusa is executing", async () => {
    await medusa({ recovery_point: "set_payment_sessions" });
    expect(await under("given")).toBeRefused(409, { type: "conflict" });
    expect(await counterValue()).toBe(0);
  });

  it("looks to Medusa like its own", async () => {
    const { body } = await under("mine");
    expect(await rows().first()).toMatchObject({
      request_method: "POST",
      request_path: "/store/counters/red/increments",
      response_code: 200,
      response_body: body,
      recovery_point: "finished",
      locked_at: null,
    });
  });
});
