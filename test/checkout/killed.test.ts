import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aFilledCart, aTill } from "../payments/a-cart.ts";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-killed-"));
let database: TestDatabase;
let service: PaymentService;
let survivor: Serving;
const serve = () =>
  program.serve(
    {
      DATABASE_URL: database.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
      RATE_LIMIT: "off",
      PROVIDERS: "./pay.mjs",
    },
    folder,
  );
beforeAll(async () => {
  [database, service] = [await openDatabase(), await startPaymentService()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  survivor = await serve();
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const visitor = (url: string) => ({
  get: async (path: string) => supertest(url).get(path),
  post: async (path: string, body?: object) => supertest(url).post(path).send(body),
  delete: async (path: string) => supertest(url).delete(path),
});

it.each(["update", "authorize"])(
  "a process killed at the provider's %s: another one gives the one order, paid once",
  async (step) => {
    const till = await aTill(database.knex, { providers: ["remote"], stock: 3 });
    const doomed = await serve();
    const cart = await aFilledCart(visitor(survivor.url) as never, till);
    const { authorized } = service.ledger.totals();
    const asked = service.asked.length;
    service.behave({ step, how: "slow", milliseconds: 3000 });
    const cutOff = supertest(doomed.url)
      .post(`/store/carts/${cart}/complete`)
      .then(
        () => "answered",
        () => "cut off",
      );
    while (!service.asked.slice(asked).includes(step)) await sleep(20);
    doomed.signal("SIGKILL");
    expect(await cutOff).toBe("cut off");
    // The claim of the dead process runs out.
    await database.knex("nettle_checkout").update({ claimed_until: database.knex.raw("now()") });
    const { status, body } = await supertest(survivor.url).post(`/store/carts/${cart}/complete`);
    expect([status, body.type]).toEqual([200, "order"]);
    expect(await database.knex("order").where({ cart_id: cart })).toHaveLength(1);
    expect((await database.knex("product_variant").where({ id: till.variantId }).first()).inventory_quantity).toBe(2);
    expect(service.ledger.totals().authorized).toBe(authorized + 1000);
  },
  60_000,
);

it("two processes complete one cart together: one order, one payment", async () => {
  const till = await aTill(database.knex, { providers: ["remote"], stock: 3 });
  const other = await serve();
  const cart = await aFilledCart(visitor(survivor.url) as never, till);
  const { authorized } = service.ledger.totals();
  const urls = Array.from({ length: 20 }, (_, number) => (number % 2 ? survivor.url : other.url));
  const answers = await Promise.all(urls.map((url) => supertest(url).post(`/store/carts/${cart}/complete`)));
  expect(new Set(answers.map(({ body }) => body.data?.id)).size).toBe(1);
  expect(service.ledger.totals().authorized).toBe(authorized + 1000);
}, 60_000);
