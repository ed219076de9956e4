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
import type { ApiClient } from "../support/open-shop.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { aShippedOrder, aShopSetup, aSwap, swapRequest } from "./a-swap.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-killed-swap-"));
let database: TestDatabase;
let service: FakePaymentProvider;
let survivor: ServerProcess;
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
  [database, service] = [await openDatabase(), await startFakePaymentProvider()];
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
const anUnpaidSwap = async () => {
  const setup = await aShopSetup(database.knex, { providers: ["remote"], stock: 3 });
  const order = await aShippedOrder(database.knex, setup);
  const client = {
    post: (path: string, body?: object) => post(survivor.url, path, body),
  } as unknown as ApiClient;
  return { setup, order, ...(await aSwap(client, swapRequest(order, setup))) };
};
const stockOf = async (id: string) =>
  (await database.knex("product_variant").where({ id }).first()).inventory_quantity;

it("two processes complete one swap's cart together, twenty times: confirmed once, one payment, stock taken once", async () => {
  const { setup, id, cartId } = await anUnpaidSwap();
  const other = await serve();
  const { authorized } = service.ledger.totals();
  const urls = Array.from({ length: 20 }, (_, at) => (at % 2 ? survivor.url : other.url));
  const answers = await Promise.all(
    urls.map((url) => post(url, `/store/carts/${cartId}/complete`)),
  );
  expect(new Set(answers.map(({ body }) => body.data?.id))).toEqual(new Set([id]));
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
  expect([
    await database.knex("payment").where({ swap_id: id }),
    await stockOf(setup.variantId),
  ]).toEqual([[expect.anything()], 2]);
}, 60_000);

it("two processes are asked for the same return at once: it is accepted once", async () => {
  const { order } = await anUnpaidSwap();
  const other = await serve();
  const body = { order_id: order.id, items: [{ item_id: order.lines[0], quantity: 2 }] };
  const urls = Array.from({ length: 20 }, (_, at) => (at % 2 ? survivor.url : other.url));
  const answers = await Promise.all(urls.map((url) => post(url, "/store/returns", body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
}, 60_000);

it("a process killed while the provider authorises: another one confirms the swap, paid once", async () => {
  const { setup, id, cartId } = await anUnpaidSwap();
  const victim = await serve();
  const { authorized } = service.ledger.totals();
  const callsBefore = service.requestedSteps.length;
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 3000 });
  const cutOff = post(victim.url, `/store/carts/${cartId}/complete`).then(
    () => "answered",
    () => "cut off",
  );
  while (!service.requestedSteps.slice(callsBefore).includes("authorize")) await sleep(20);
  victim.signal("SIGKILL");
  expect(await cutOff).toBe("cut off");
  // The claim of the dead process runs out.
  await database.knex("nettle_checkout").update({ claimed_until: database.knex.raw("now()") });
  const { status, body } = await post(survivor.url, `/store/carts/${cartId}/complete`);
  expect([status, body.type, body.data.id]).toEqual([200, "swap", id]);
  expect(service.ledger.totals().authorized).toBe(authorized + 1190);
  expect(await stockOf(setup.variantId)).toBe(2);
}, 60_000);
