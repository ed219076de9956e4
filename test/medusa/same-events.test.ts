import { beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { completeCart } from "./complete-cart.ts";
import {
  createDiscount,
  createShippingOption,
  createShopSetup,
  unwrap,
} from "./create-in-admin.ts";
import { openBoth } from "./open-both.ts";
import {
  eventsOf,
  noteStagedEvents,
  type PublishedEvents,
  type ServerName,
} from "./staged-events.ts";

const shop = openBoth({ EVENTS_FOR_MEDUSA: "on" });

beforeAll(() => noteStagedEvents(shop.knex));

/** A shopper's way from a cart to a return, and what each step makes a server publish. */
async function walk(server: ServerName, shopper: ApiClient) {
  const { admin } = shop.medusa;
  const setup = await createShopSetup(admin);
  const { code } = await createDiscount(admin, { regions: [setup.regionId] });
  const email = `${server}@example.com`;
  const published: Record<string, PublishedEvents> = {};
  const step = async (name: string, act: () => Promise<unknown>) => {
    published[name] = await eventsOf(shop.knex, server, act);
  };
  const ok = async (answer: ReturnType<ApiClient["post"]>, name: string) => unwrap(answer, name);

  let cart: { id: string; items: { id: string }[] } = { id: "", items: [] };
  const at = () => `/store/carts/${cart.id}`;
  const post = (path: string, body: object) => ok(shopper.post(at() + path, body), "cart");
  await step("create a cart", async () => {
    cart = await ok(shopper.post("/store/carts", { region_id: setup.regionId }), "cart");
  });
  await step("add a line", async () => {
    cart = await post("/line-items", { variant_id: setup.variantId, quantity: 3 });
  });
  await step("change a line", () => post(`/line-items/${cart.items[0]!.id}`, { quantity: 2 }));
  await step("name an e-mail", () => post("", { email }));
  await step("add a code", () => post("", { discounts: [{ code }] }));
  await step("remove a code", () => ok(shopper.delete(`${at()}/discounts/${code}`), "cart"));
  const address = { first_name: "Gro", address_1: "Kaje 4", city: "Berlin", postal_code: "10115" };
  await step("name an address", () => post("", { shipping_address: address }));
  await step("choose shipping", () => post("/shipping-methods", { option_id: setup.optionId }));
  await step("begin to pay", () => post("/payment-sessions", {}));
  let order: { id: string; items: { id: string }[] } = { id: "", items: [] };
  await step("complete the cart", async () => {
    order = await completeCart(shopper, cart.id);
  });
  const account = { email, password: "s3cret-horse", first_name: "Gro", last_name: "Holm" };
  await step("register", () => ok(shopper.post("/store/customers", account), "customer"));
  await step("change the account", () =>
    ok(shopper.post("/store/customers/me", { first_name: "Gry" }), "customer"),
  );
  await step("forget the password", () =>
    shopper.post("/store/customers/password-token", { email }),
  );
  const { id: option_id } = await createShippingOption(admin, {
    region_id: setup.regionId,
    is_return: true,
    amount: 100,
  });
  await unwrap(admin.post(`/admin/orders/${order.id}/capture`), "order");
  const items = [{ item_id: order.items[0]!.id, quantity: 1 }];
  const { fulfillments } = await unwrap(
    admin.post(`/admin/orders/${order.id}/fulfillment`, { items }),
    "order",
  );
  const shipment = { fulfillment_id: fulfillments[0].id };
  await unwrap(admin.post(`/admin/orders/${order.id}/shipment`, shipment), "order");
  await step("request a return", () =>
    ok(
      shopper.post("/store/returns", {
        order_id: order.id,
        items,
        return_shipping: { option_id },
      }),
      "return",
    ),
  );
  return published;
}

describe("both servers", () => {
  it("publish the same events at each step of a shopper", async () => {
    const medusa = await walk("medusa", shop.medusa.openBrowser());
    const nettle = await walk("nettle", shop.nettle.openBrowser());
    expect(nettle).toEqual(medusa);
  });
});
