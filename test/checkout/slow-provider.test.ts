import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import { aFilledCart, aShopSetup } from "../support/a-filled-cart.ts";
import { createApiClient } from "../support/api-client.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-slow-"));
let database: TestDatabase;
let service: FakePaymentProvider;
let servers: ServerProcess[];
beforeAll(async () => {
  [database, service] = [await openDatabase(), await startFakePaymentProvider()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  const settings = {
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    PROVIDERS: "./pay.mjs",
    PROVIDER_SECONDS: "20",
  };
  const serve = () =>
    program.serve({ DATABASE_URL: database.url, RATE_LIMIT: "off", ...settings }, folder);
  servers = [await serve(), await serve()];
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

it("a payment that takes long stays with the process that began it, while another one is asked for the order, too", async () => {
  const setup = await aShopSetup(database.knex, { providers: ["remote"], stock: 3 });
  const cart = await aFilledCart(
    createApiClient(() => supertest(servers[0]!.url)),
    setup,
  );
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 12_000 });
  const answers = await Promise.all(
    servers.map(({ url }) => supertest(url).post(`/store/carts/${cart}/complete`)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(service.requestedSteps.filter((step) => step === "authorize")).toHaveLength(1);
  expect(await database.knex("order").where({ cart_id: cart })).toHaveLength(1);
  expect(service.ledger.totals().held).toBe(1000);
});
