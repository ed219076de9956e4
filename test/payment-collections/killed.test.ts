import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { aCollection, setParts, stateOf } from "./a-collection.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-killed-"));
let database: TestDatabase;
let service: PaymentService;
let survivor: Serving;
const settings = () => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  RATE_LIMIT: "off",
  PROVIDERS: "./pay.mjs",
});
beforeAll(async () => {
  [database, service] = [await openDatabase(), await startPaymentService()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  survivor = await program.serve(settings(), folder);
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const visitor = (url: string) =>
  ({
    get: async (path: string) => supertest(url).get(path),
    post: async (path: string, body?: object) => supertest(url).post(path).send(body),
  }) as never;

/** A collection with one session, whose authorization a process died of. */
async function aCutOffAuthorization() {
  const doomed = await program.serve(settings(), folder);
  const { path } = await aCollection(database.knex);
  const [session] = await setParts(visitor(survivor.url), path);
  const asked = service.asked.length;
  service.behave({ step: "authorize", how: "slow", milliseconds: 3000 });
  const cutOff = supertest(doomed.url)
    .post(`${path}/sessions/${session}/authorize`)
    .then(
      () => "answered",
      () => "cut off",
    );
  while (!service.asked.slice(asked).includes("authorize")) await sleep(20);
  doomed.signal("SIGKILL");
  expect(await cutOff).toBe("cut off");
  return { path, session };
}

/** The claim of a dead process runs out. */
const runOut = (seconds: number) =>
  database
    .knex("nettle_authorization")
    .update({ claimed_until: database.knex.raw("now() - make_interval(secs => ?)", [seconds]) });

it("a process killed while the provider authorizes: another one gives the one payment", async () => {
  const { authorized } = service.ledger.totals();
  const { path, session } = await aCutOffAuthorization();
  expect((await supertest(survivor.url).post(`${path}/sessions/${session}/authorize`)).status).toBe(200);
  expect(await stateOf(visitor(survivor.url), path)).toMatchObject({ status: "authorized", payments: [1190] });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("a process killed while the provider authorizes: another one records the payment by itself", async () => {
  const { authorized } = service.ledger.totals();
  const { path } = await aCutOffAuthorization();
  await runOut(60);
  const state = () => stateOf(visitor(survivor.url), path);
  await expect.poll(state, { timeout: 30_000 }).toMatchObject({ status: "authorized", payments: [1190] });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("two processes authorize one session together: one payment", async () => {
  const other = await program.serve(settings(), folder);
  const { path } = await aCollection(database.knex);
  const [session] = await setParts(visitor(survivor.url), path);
  const { authorized } = service.ledger.totals();
  service.behave({ step: "authorize", how: "slow" });
  const urls = Array.from({ length: 20 }, (_, number) => (number % 2 ? survivor.url : other.url));
  const answers = await Promise.all(urls.map((url) => supertest(url).post(`${path}/sessions/${session}/authorize`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await stateOf(visitor(other.url), path)).toMatchObject({ status: "authorized", payments: [1190] });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);
