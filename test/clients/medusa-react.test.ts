import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aShippingOption, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { openReverseProxy, type ReverseProxy } from "../support/open-reverse-proxy.ts";
import { openServers } from "../support/open-servers.ts";
import { openStorefront } from "./open-storefront.ts";

const servers = openServers({ survivor: false });
let proxy: ReverseProxy;
let server: ServerProcess;
let setup: ShopSetup;

/** Processes of the same shop that can take over. */
const standbys: ServerProcess[] = [];

function failOver(): void {
  server = standbys.pop()!;
  proxy.routeTo(server.port);
}

beforeAll(async () => {
  proxy = await openReverseProxy();
  standbys.push(await servers.serve());
  failOver();
  setup = await aShopSetup(servers.knex, { providers: ["remote"] });
  await aShippingOption(servers.knex, { region_id: setup.regionId });
});
afterAll(() => proxy.close());

const rows = async (table: string, where: object) =>
  (await servers.knex(table).where(where)).length;
const waitUntil = async (reached: () => Promise<boolean>) => {
  while (!(await reached())) await sleep(10);
};

/** A point of a purchase at which the server is killed. */
interface FailPoint {
  readonly name: string;
  readonly during: "adding" | "starting to pay" | "completing";
  /** Stops the server at this point. May return a function that unblocks the database. */
  readonly stop: () => Promise<(() => Promise<unknown>) | undefined>;
  readonly reached: (cartId: string) => Promise<boolean>;
}

const dropResponses = async () => {
  proxy.dropResponses();
  return undefined;
};

/** During a slow provider call. */
const duringProviderCall = (step: string): Pick<FailPoint, "stop" | "reached"> => {
  let asked = 0;
  return {
    stop: async () => {
      asked = servers.service.requestedSteps.length;
      servers.service.setFailureMode({ step, kind: "slow", milliseconds: 2000 });
      return undefined;
    },
    reached: async () => servers.service.requestedSteps.slice(asked).includes(step),
  };
};

const failPoints: readonly FailPoint[] = [
  {
    name: "after a line was added, with the response lost",
    during: "adding",
    stop: dropResponses,
    reached: async (cart_id) => (await rows("line_item", { cart_id })) > 0,
  },
  {
    name: "after a payment was initiated, with the response lost",
    during: "starting to pay",
    stop: dropResponses,
    reached: async (cart_id) => (await rows("payment_session", { cart_id })) > 0,
  },
  {
    name: "during the provider's update call",
    during: "completing",
    ...duringProviderCall("update"),
  },
  {
    name: "during the provider's authorize call",
    during: "completing",
    ...duringProviderCall("authorize"),
  },
  {
    name: "while stock is reserved",
    during: "completing",
    stop: async () => {
      const trx = await servers.knex.transaction();
      await trx("product_variant").where({ id: setup.variantId }).forUpdate();
      return () => trx.rollback();
    },
    reached: async () =>
      (await rows("pg_stat_activity", {
        datname: servers.database.url.split("/").at(-1),
        wait_event_type: "Lock",
      })) > 0,
  },
  {
    name: "after the order was placed, with the response lost",
    during: "completing",
    stop: dropResponses,
    reached: async (cart_id) => (await rows("order", { cart_id })) > 0,
  },
];

const address = {
  first_name: "Gro",
  last_name: "Holm",
  address_1: "Kaje 4",
  city: "Berlin",
  postal_code: "10115",
};

describe.each(failPoints)(
  "a medusa-react storefront whose server is killed $name",
  ({ during, stop, reached }) => {
    it("gets from the product list to one order", { timeout: 120_000 }, async () => {
      const stock = async () =>
        (await servers.knex("product_variant").where({ id: setup.variantId }).first())
          .inventory_quantity;
      standbys.push(await servers.serve());
      const before = { stock: await stock(), held: servers.service.ledger.totals().held };
      const { shown, page, showOrder, close } = openStorefront(proxy.url);
      const step = async <T>(name: FailPoint["during"], action: () => Promise<T>): Promise<T> => {
        if (name !== during) return action();
        const release = await stop();
        const working = action();
        await Promise.race([waitUntil(() => reached(cart.id)), working]);
        server.signal("SIGKILL");
        await server.ended();
        failOver();
        await release?.();
        return working;
      };

      const variant = await shown(({ products }) => products.products?.[0]?.variants[0]);
      expect(variant).toMatchObject({ id: setup.variantId });
      const region = await shown(({ regions }) =>
        regions.regions?.find(({ id }) => id === setup.regionId),
      );
      const { cart } = await page().cart.createCart.mutateAsync({ region_id: region.id });
      page().cart.setCart(cart as never);
      await step("adding", () =>
        page().addLine.mutateAsync({ variant_id: setup.variantId, quantity: 2 }),
      );
      await page().cart.updateCart.mutateAsync({
        email: "gro@example.com",
        shipping_address: address,
        billing_address: address,
      });
      await page().options.refetch();
      const option = await shown(({ options }) => options.shipping_options?.[0]);
      await page().cart.addShippingMethod.mutateAsync({ option_id: option.id! });
      const { cart: ready } = await step("starting to pay", () =>
        page().cart.startCheckout.mutateAsync(),
      );
      expect(ready).toMatchObject({
        items: [{ quantity: 2 }],
        total: 2500,
        payment_session: { provider_id: "remote", amount: 2500 },
      });
      const answer = await step("completing", () => page().cart.completeCheckout.mutateAsync());
      const { data, type } = answer as unknown as { data: { id: string }; type: string };
      expect([type, data]).toMatchObject([
        "order",
        { cart_id: cart.id, total: 2500, payments: [{ amount: 2500 }] },
      ]);
      showOrder(data.id);
      expect(await shown(({ order }) => order.order)).toMatchObject({
        id: data.id,
        items: [{ quantity: 2 }],
        paid_total: 2500,
      });
      close();

      expect(await rows("order", { cart_id: cart.id })).toBe(1);
      expect(await stock()).toBe(before.stock - 2);
      expect(servers.service.ledger.totals().held).toBe(before.held + 2500);
      const repeat = (path: string) =>
        clientAt(server.url).post(path, undefined, {
          "idempotency-key": proxy.idempotencyKeys.at(-1)!,
        });
      const { body } = await repeat(`/store/carts/${cart.id}/complete`);
      expect(body).toEqual({ type, data });
      expect((await repeat("/store/carts/cart_other/complete")).status).toBe(422);
    });
  },
);
