import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-killed-"));
let database: TestDatabase;
let service: FakePaymentProvider;
let survivor: ServerProcess;
const settings = () => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  RATE_LIMIT: "off",
  PROVIDERS: "./pay.mjs",
});
beforeAll(async () => {
  [database, service] = [await openDatabase(), await startFakePaymentProvider()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  survivor = await program.serve(settings(), folder);
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const clientAt = (url: string) =>
  ({
    get: async (path: string) => supertest(url).get(path),
    post: async (path: string, body?: object) => supertest(url).post(path).send(body),
  }) as never;

/** A collection with one session, whose authorization a process died of. */
async function anInterruptedAuthorization() {
  const victim = await program.serve(settings(), folder);
  const { path } = await aPaymentCollection(database.knex);
  const [session] = await setPaymentSessions(clientAt(survivor.url), path);
  const callsBefore = service.requestedSteps.length;
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 3000 });
  const cutOff = supertest(victim.url)
    .post(`${path}/sessions/${session}/authorize`)
    .then(
      () => "answered",
      () => "cut off",
    );
  while (!service.requestedSteps.slice(callsBefore).includes("authorize")) await sleep(20);
  victim.signal("SIGKILL");
  expect(await cutOff).toBe("cut off");
  return { path, session };
}

/** The claim of a dead process runs out. */
const expireLease = (seconds: number) =>
  database
    .knex("nettle_authorization")
    .update({ claimed_until: database.knex.raw("now() - make_interval(secs => ?)", [seconds]) });

it("a process killed while the provider authorizes: another one gives the one payment", async () => {
  const { authorized } = service.ledger.totals();
  const { path, session } = await anInterruptedAuthorization();
  expect((await supertest(survivor.url).post(`${path}/sessions/${session}/authorize`)).status).toBe(
    200,
  );
  expect(await collectionState(clientAt(survivor.url), path)).toMatchObject({
    status: "authorized",
    payments: [1190],
  });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("a process killed while the provider authorizes: another one records the payment by itself", async () => {
  const { authorized } = service.ledger.totals();
  const { path } = await anInterruptedAuthorization();
  await expireLease(60);
  const state = () => collectionState(clientAt(survivor.url), path);
  await expect
    .poll(state, { timeout: 30_000 })
    .toMatchObject({ status: "authorized", payments: [1190] });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("two processes authorize one session together: one payment", async () => {
  const other = await program.serve(settings(), folder);
  const { path } = await aPaymentCollection(database.knex);
  const [session] = await setPaymentSessions(clientAt(survivor.url), path);
  const { authorized } = service.ledger.totals();
  service.setFailureMode({ step: "authorize", kind: "slow" });
  const urls = Array.from({ length: 20 }, (_, number) => (number % 2 ? survivor.url : other.url));
  const answers = await Promise.all(
    urls.map((url) => supertest(url).post(`${path}/sessions/${session}/authorize`)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await collectionState(clientAt(other.url), path)).toMatchObject({
    status: "authorized",
    payments: [1190],
  });
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);
