import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aFilledCart, aTill } from "../payments/a-cart.ts";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { visitorBy } from "../support/visitor.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-slow-"));
let database: TestDatabase;
let service: PaymentService;
let servers: Serving[];
beforeAll(async () => {
  [database, service] = [await openDatabase(), await startPaymentService()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  const settings = { JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret", PROVIDERS: "./pay.mjs", PROVIDER_SECONDS: "20" };
  const serve = () => program.serve({ DATABASE_URL: database.url, RATE_LIMIT: "off", ...settings }, folder);
  servers = [await serve(), await serve()];
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

it("a payment that takes long stays with the process that began it, while another one is asked for the order, too", async () => {
  const till = await aTill(database.knex, { providers: ["remote"], stock: 3 });
  const cart = await aFilledCart(
    visitorBy(() => supertest(servers[0]!.url)),
    till,
  );
  service.behave({ step: "authorize", how: "slow", milliseconds: 12_000 });
  const answers = await Promise.all(servers.map(({ url }) => supertest(url).post(`/store/carts/${cart}/complete`)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(service.asked.filter((step) => step === "authorize")).toHaveLength(1);
  expect(await database.knex("order").where({ cart_id: cart })).toHaveLength(1);
  expect(service.ledger.totals().held).toBe(1000);
});
