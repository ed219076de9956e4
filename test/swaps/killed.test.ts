import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import type { Visitor } from "../support/open-shop.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { aSentOrder, aStall, aSwap, swapOf } from "./a-swap.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-killed-swap-"));
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

const post = (url: string, path: string, body?: object) => supertest(url).post(path).send(body);
const aDueSwap = async () => {
  const stall = await aStall(database.knex, { providers: ["remote"], stock: 3 });
  const order = await aSentOrder(database.knex, stall);
  const visitor = { post: (path: string, body?: object) => post(survivor.url, path, body) } as unknown as Visitor;
  return { stall, order, ...(await aSwap(visitor, swapOf(order, stall))) };
};
const stockOf = async (id: string) => (await database.knex("product_variant").where({ id }).first()).inventory_quantity;

it("two processes complete one swap's cart together, twenty times: confirmed once, one payment, stock taken once", async () => {
  const { stall, id, cartId } = await aDueSwap();
  const other = await serve();
  const { authorized } = service.ledger.totals();
  const urls = Array.from({ length: 20 }, (_, at) => (at % 2 ? survivor.url : other.url));
  const answers = await Promise.all(urls.map((url) => post(url, `/store/carts/${cartId}/complete`)));
  expect(new Set(answers.map(({ body }) => body.data?.id))).toEqual(new Set([id]));
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
  expect([await database.knex("payment").where({ swap_id: id }), await stockOf(stall.variantId)]).toEqual([
    [expect.anything()],
    2,
  ]);
}, 60_000);

it("two processes are asked for the same return at once: it is accepted once", async () => {
  const { order } = await aDueSwap();
  const other = await serve();
  const body = { order_id: order.id, items: [{ item_id: order.lines[0], quantity: 2 }] };
  const urls = Array.from({ length: 20 }, (_, at) => (at % 2 ? survivor.url : other.url));
  const answers = await Promise.all(urls.map((url) => post(url, "/store/returns", body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
}, 60_000);

it("a process killed while the provider authorises: another one confirms the swap, paid once", async () => {
  const { stall, id, cartId } = await aDueSwap();
  const doomed = await serve();
  const { authorized } = service.ledger.totals();
  const asked = service.asked.length;
  service.behave({ step: "authorize", how: "slow", milliseconds: 3000 });
  const cutOff = post(doomed.url, `/store/carts/${cartId}/complete`).then(
    () => "answered",
    () => "cut off",
  );
  while (!service.asked.slice(asked).includes("authorize")) await sleep(20);
  doomed.signal("SIGKILL");
  expect(await cutOff).toBe("cut off");
  // The claim of the dead process runs out.
  await database.knex("nettle_checkout").update({ claimed_until: database.knex.raw("now()") });
  const { status, body } = await post(survivor.url, `/store/carts/${cartId}/complete`);
  expect([status, body.type, body.data.id]).toEqual([200, "swap", id]);
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
  expect(await stockOf(stall.variantId)).toBe(2);
}, 60_000);
