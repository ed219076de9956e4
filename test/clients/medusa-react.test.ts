import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aTill } from "../payments/a-cart.ts";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { aShippingOption } from "../support/cart-builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type Door, openDoor } from "../support/open-door.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { openStorefront } from "./open-storefront.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-storefront-"));
let database: TestDatabase;
let service: PaymentService;
let door: Door;
let server: Serving;
let till: Awaited<ReturnType<typeof aTill>>;

/** Another process on the same shop, ready to take over. */
const spares: Serving[] = [];

async function serve(): Promise<Serving> {
  const settings = { JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret", PROVIDERS: "./pay.mjs" };
  return program.serve({ DATABASE_URL: database.url, RATE_LIMIT: "off", ...settings }, folder);
}

function takeOver(): void {
  server = spares.pop()!;
  door.leadTo(server.port);
}

beforeAll(async () => {
  [database, service, door] = [await openDatabase(), await startPaymentService(), await openDoor()];
  writePaymentModule(join(folder, "pay.mjs"), service.url);
  spares.push(await serve());
  takeOver();
  till = await aTill(database.knex, { providers: ["remote"] });
  await aShippingOption(database.knex, { region_id: till.regionId });
});
afterAll(async () => {
  door.close();
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const rows = async (table: string, where: object) => (await database.knex(table).where(where)).length;
const until = async (reached: () => Promise<boolean>) => {
  while (!(await reached())) await sleep(10);
};

/** What the shopper does when the server is killed, and how far it has come then. */
interface Moment {
  readonly name: string;
  readonly during: "adding" | "starting to pay" | "completing";
  /** Sees to it that the server comes so far and no further. */
  readonly stop: () => Promise<(() => Promise<unknown>) | undefined>;
  readonly reached: (cartId: string) => Promise<boolean>;
}

const answersAreLost = async () => {
  door.keepAnswers();
  return undefined;
};

/** The provider takes its time over a step. */
const atProvider = (step: string): Pick<Moment, "stop" | "reached"> => {
  let asked = 0;
  return {
    stop: async () => {
      asked = service.asked.length;
      service.behave({ step, how: "slow", milliseconds: 2000 });
      return undefined;
    },
    reached: async () => service.asked.slice(asked).includes(step),
  };
};

const moments: readonly Moment[] = [
  {
    name: "when a line was added and the answer is lost",
    during: "adding",
    stop: answersAreLost,
    reached: async (cart_id) => (await rows("line_item", { cart_id })) > 0,
  },
  {
    name: "when a payment was begun and the answer is lost",
    during: "starting to pay",
    stop: answersAreLost,
    reached: async (cart_id) => (await rows("payment_session", { cart_id })) > 0,
  },
  { name: "while the provider is told what is due", during: "completing", ...atProvider("update") },
  { name: "while the provider authorizes", during: "completing", ...atProvider("authorize") },
  {
    name: "while the pieces are taken",
    during: "completing",
    stop: async () => {
      const trx = await database.knex.transaction();
      await trx("product_variant").where({ id: till.variantId }).forUpdate();
      return () => trx.rollback();
    },
    reached: async () =>
      (await rows("pg_stat_activity", { datname: database.url.split("/").at(-1), wait_event_type: "Lock" })) > 0,
  },
  {
    name: "when the order was placed and the answer is lost",
    during: "completing",
    stop: answersAreLost,
    reached: async (cart_id) => (await rows("order", { cart_id })) > 0,
  },
];

const address = { first_name: "Gro", last_name: "Holm", address_1: "Kaje 4", city: "Berlin", postal_code: "10115" };

describe.each(moments)("a storefront of medusa-react whose server is killed $name", ({ during, stop, reached }) => {
  it("goes from the list of products to one order", { timeout: 120_000 }, async () => {
    const stock = async () => (await database.knex("product_variant").where({ id: till.variantId }).first()).inventory_quantity;
    spares.push(await serve());
    const before = { stock: await stock(), held: service.ledger.totals().held };
    const { shown, page, showOrder, close } = openStorefront(door.url);
    const step = async <T>(name: Moment["during"], work: () => Promise<T>): Promise<T> => {
      if (name !== during) return work();
      const release = await stop();
      const working = work();
      await Promise.race([until(() => reached(cart.id)), working]);
      server.signal("SIGKILL");
      await server.ended();
      takeOver();
      await release?.();
      return working;
    };

    const variant = await shown(({ products }) => products.products?.[0]?.variants[0]);
    expect(variant).toMatchObject({ id: till.variantId });
    const region = await shown(({ regions }) => regions.regions?.find(({ id }) => id === till.regionId));
    const { cart } = await page().cart.createCart.mutateAsync({ region_id: region.id });
    page().cart.setCart(cart as never);
    await step("adding", () => page().addLine.mutateAsync({ variant_id: till.variantId, quantity: 2 }));
    await page().cart.updateCart.mutateAsync({ email: "gro@example.com", shipping_address: address, billing_address: address });
    await page().options.refetch();
    const option = await shown(({ options }) => options.shipping_options?.[0]);
    await page().cart.addShippingMethod.mutateAsync({ option_id: option.id! });
    const { cart: ready } = await step("starting to pay", () => page().cart.startCheckout.mutateAsync());
    expect(ready).toMatchObject({
      items: [{ quantity: 2 }],
      total: 2500,
      payment_session: { provider_id: "remote", amount: 2500 },
    });
    const answer = await step("completing", () => page().cart.completeCheckout.mutateAsync());
    const { data, type } = answer as unknown as { data: { id: string }; type: string };
    expect([type, data]).toMatchObject(["order", { cart_id: cart.id, total: 2500, payments: [{ amount: 2500 }] }]);
    showOrder(data.id);
    expect(await shown(({ order }) => order.order)).toMatchObject({ id: data.id, items: [{ quantity: 2 }], paid_total: 2500 });
    close();

    expect(await rows("order", { cart_id: cart.id })).toBe(1);
    expect(await stock()).toBe(before.stock - 2);
    expect(service.ledger.totals().held).toBe(before.held + 2500);
    const repeat = (path: string) => supertest(server.url).post(path).set("idempotency-key", door.keys.at(-1)!);
    const { body } = await repeat(`/store/carts/${cart.id}/complete`);
    expect(body).toEqual({ type, data });
    expect((await repeat("/store/carts/cart_other/complete")).status).toBe(422);
  });
});
