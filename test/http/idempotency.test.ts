import { createServer, type Server } from "node:http";
import jwt from "jsonwebtoken";
import request from "supertest";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { newId } from "../../src/database/new-id.ts";
import { credentialCheck } from "../../src/domains/auth/credential-check.ts";
import { deleteOldAnswers } from "../../src/http/idempotency/stored-answers.ts";
import { createLog } from "../../src/runtime/log.ts";
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
  });
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  await database.drop();
});
beforeEach(() => database.knex("till").update({ coins: 0 }));
afterEach(() => database.knex("idempotency_key").delete());

type Headers = Record<string, string>;
const post = (path: string, body: object, headers: Headers = {}) =>
  request(server).post(`/store/tills/${path}`).set(headers).send(body);
const under = (
  key: string,
  path = "red/coins",
  body: object = { value: 5 },
  headers: Headers = {},
) => post(path, body, { "idempotency-key": key, ...headers });
const coins = async (id = "red") => (await database.knex("till").where({ id }).first()).coins;
const asCustomer = (id: string) => ({
  authorization: `Bearer ${jwt.sign({ customer_id: id, domain: "store" }, "jwt-secret")}`,
});
const rows = () => database.knex("idempotency_key");

describe("a key of another request is refused", () => {
  beforeEach(async () => void (await under("mine")));

  it.each([
    ["another path", () => under("mine", "blue/coins")],
    ["another route", () => under("mine", "red/quietly")],
    ["another body", () => under("mine", "red/coins", { value: 6 })],
    ["another customer", () => under("mine", "red/coins", { value: 5 }, asCustomer("cus_1"))],
  ])("%s", async (_, ask) => {
    expect(await ask()).toBeRefused(422, { type: "idempotency_error", message: /another request/ });
    expect([await coins(), await coins("blue")]).toEqual([5, 0]);
  });

  it("a body that cannot be read, before anything else", async () => {
    expect(await under("mine", "red/coins", { value: "5" })).toBeRefused(400, {
      message: "value must be a number",
    });
  });

  it("a key longer than anybody's", async () => {
    expect(await under("x".repeat(256), "blue/coins")).toBeRefused(400, { type: "invalid_data" });
    expect(await coins("blue")).toBe(0);
  });
});

describe("asking again under a key", () => {
  it("gives the first answer and does nothing", async () => {
    const first = await under("mine", "red/coins", { value: 5, note: "ä" });
    const again = await under("mine", "red/coins", { note: "ä", value: 5 });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await coins()).toBe(5);
    expect((await under("other")).body.till.coins).toBe(10);
  });

  it("twenty at once: done once, all answered alike", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => under("mine")));
    expect(
      new Set(
        answers.map(({ status, text }) => `${status} ${JSON.stringify(JSON.parse(text).till)}`),
      ),
    ).toEqual(new Set(['200 {"id":"red","coins":5}']));
    expect(await coins()).toBe(5);
  });

  it("twenty at once with four bodies: one is done, the others are refused", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => under("mine", "red/coins", { value: 1 + (at % 4) })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(15);
    expect(await coins()).toBeLessThanOrEqual(4);
  });

  it("after a refusal does it anew, corrected or not", async () => {
    expect(await under("mine", "red/coins", { value: 600 })).toBeRefused(400, {
      message: "The till is full",
    });
    expect(await under("mine", "red/coins", { value: 600 })).toBeRefused(400, {
      message: "The till is full",
    });
    expect(await rows()).toEqual([]);
    expect((await under("mine")).body.till.coins).toBe(5);
  });

  it("of a customer's own", async () => {
    const asked = () => under("mine", "red/coins", { value: 5 }, asCustomer("cus_1"));
    expect((await asked()).body).toEqual((await asked()).body);
    expect(await coins()).toBe(5);
  });

  it("replays what was answered without a transaction, too", async () => {
    await under("look", "red/look", {});
    await under("mine");
    expect((await under("look", "red/look", {})).body.coins).toBe(0);
  });

  it("does nothing on a route where keys do not count", async () => {
    await under("mine", "red/plainly");
    await under("mine", "red/plainly");
    expect(await coins()).toBe(10);
    expect(await rows()).toEqual([]);
  });

  it("fails where a route sends something else than it keeps", async () => {
    expect((await under("mine", "red/awry", {})).status).toBe(500);
  });
});

describe("the key in the headers", () => {
  it("is the caller's, and shops' pages may read it", async () => {
    const { headers } = await under("mine");
    expect([headers["idempotency-key"], headers["access-control-expose-headers"]]).toEqual([
      "mine",
      "Idempotency-Key",
    ]);
  });

  it("is made up for a caller without one, and brings the answer back", async () => {
    const first = await post("red/coins", { value: 5 });
    const key = String(first.headers["idempotency-key"]);
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.body.key).toBe(key);
    const again = await under(key);
    expect(again.body).toEqual(first.body);
    expect(again.headers["idempotency-key"]).toBe(key);
    expect(await coins()).toBe(5);
  });

  it("comes with a refusal by the shop, not with one by the validation", async () => {
    expect((await under("mine", "red/coins", { value: 600 })).headers["idempotency-key"]).toBe(
      "mine",
    );
    expect((await under("mine", "red/coins", {})).headers).not.toHaveProperty(
      "access-control-expose-headers",
    );
  });

  it("does not come on the other routes", async () => {
    const { headers } = await under("mine", "red/quietly");
    expect(headers).not.toHaveProperty("idempotency-key");
    expect(headers).not.toHaveProperty("access-control-expose-headers");
    await post("red/quietly", { value: 5 });
    expect(await rows()).toHaveLength(1);
  });
});

describe("keys grow old", () => {
  const age = (hours: number) =>
    rows().update({ created_at: database.knex.raw(`now() - interval '${hours} hours'`) });

  it("after a day a key is new again, for any request", async () => {
    await under("mine");
    await age(23);
    expect(await under("mine", "blue/coins")).toBeRefused(422);
    await age(25);
    expect((await under("mine", "blue/coins")).body.till).toEqual({ id: "blue", coins: 5 });
    expect((await under("mine", "blue/coins")).body.till).toEqual({ id: "blue", coins: 5 });
    expect(await under("mine")).toBeRefused(422);
    expect(await rows()).toHaveLength(1);
  });

  it("old ones are deleted in small batches; new ones and Medusa's stay", async () => {
    const long = Date.now() - 30 * 3_600_000;
    for (let number = 0; number < 5; number++) {
      const id = `ikey_nettle_${newId("x").slice(2)}`;
      await rows().insert({ id, idempotency_key: `old ${number}` });
    }
    await under("new");
    await rows().insert({ id: newId("ikey"), idempotency_key: "medusa's" });
    expect(await deleteOldAnswers(database.knex, 24, 2)).toBe(0);
    // The id of a row carries its time: ours of thirty hours ago begin so.
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

describe("a Medusa on the same database", () => {
  const medusa = (row: object) =>
    rows().insert({
      id: newId("ikey"),
      idempotency_key: "given",
      request_method: "POST",
      request_params: { id: "red" },
      request_path: "/red/coins",
      ...row,
    });
  const finished = {
    recovery_point: "finished",
    response_code: 200,
    response_body: { till: { from: "Medusa" } },
  };

  it("its keys bring its answers back here", async () => {
    await medusa(finished);
    const { status, body } = await under("given");
    expect([status, body]).toEqual([200, finished.response_body]);
    expect(await coins()).toBe(0);
  });

  it("but not on another path", async () => {
    await medusa(finished);
    expect(await under("given", "blue/coins")).toBeRefused(422);
  });

  it("what it has only begun, such as a request that it refused, may be done here", async () => {
    await medusa({ recovery_point: "started" });
    expect((await under("given")).body.till.coins).toBe(5);
    expect((await under("given")).body.till.coins).toBe(5);
  });

  it("what it is in the middle of is not done a second time", async () => {
    await medusa({ recovery_point: "set_payment_sessions" });
    expect(await under("given")).toBeRefused(409, { type: "conflict" });
    expect(await coins()).toBe(0);
  });

  it("finds ours as its own: finished, with status and body", async () => {
    const { body } = await under("mine");
    expect(await rows().first()).toMatchObject({
      request_method: "POST",
      request_path: "/store/tills/red/coins",
      response_code: 200,
      response_body: body,
      recovery_point: "finished",
      locked_at: null,
    });
  });
});
