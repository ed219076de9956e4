import { beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import { createShippingOption, createShopSetup, createVariant, unwrap } from "./create-in-admin.ts";
import { openBoth } from "./open-both.ts";
import {
  eventsOf,
  noteStagedEvents,
  type PublishedEvents,
  type ServerName,
} from "./staged-events.ts";

const shop = openBoth({ EVENTS_FOR_MEDUSA: "on" });
beforeAll(() => noteStagedEvents(shop.knex));

const postToAdmin = (path: string, body: object, name: string) =>
  unwrap(shop.medusa.admin.post(`/admin${path}`, body), name);

/** Places an order of three at a server, and captures and ships it in the admin. */
async function placeShippedOrder(shopper: ApiClient) {
  const setup = await createShopSetup(shop.medusa.admin);
  const cart = await fillCart(shopper, setup, { quantity: 3 });
  const { id, items } = await completeCart(shopper, cart.id);
  await postToAdmin(`/orders/${id}/capture`, {}, "order");
  const all = [{ item_id: items[0].id, quantity: 3 }];
  const { fulfillments } = await postToAdmin(`/orders/${id}/fulfillment`, { items: all }, "order");
  const shipment = { fulfillment_id: fulfillments[0].id };
  await postToAdmin(`/orders/${id}/shipment`, shipment, "order");
  return { id: id as string, line: items[0].id as string, setup };
}

/** Requests an edit of an order in the admin that adds some of another variant. */
async function requestEdit(order_id: string) {
  const { id: variant_id } = await createVariant(shop.medusa.admin);
  const { id } = await postToAdmin("/order-edits", { order_id }, "order_edit");
  await postToAdmin(`/order-edits/${id}/items`, { variant_id, quantity: 2 }, "order_edit");
  return postToAdmin(`/order-edits/${id}/request`, {}, "order_edit");
}

/** What a shopper does after an order at a server, and what each step makes it publish. */
async function walk(server: ServerName, shopper: ApiClient) {
  const { admin } = shop.medusa;
  const published: Record<string, PublishedEvents> = {};
  const ids = new Map<string, string>();
  const step = async (name: string, act: () => Promise<unknown>) => {
    published[name] = await eventsOf(shop.knex, server, act, ids);
  };
  const order = await placeShippedOrder(shopper);
  ids.set(order.id, "the order");
  const option = { region_id: order.setup.regionId, is_return: true, amount: 100 };
  const { id: return_shipping_option } = await createShippingOption(admin, option);
  // Medusa never answers the completion of a swap that costs more.
  const { id: variant_id } = await createVariant(admin, { price: 300 });
  const items = [{ item_id: order.line, quantity: 1 }];

  await step("request a return", async () => {
    const body = { order_id: order.id, items };
    const { id } = await unwrap(shopper.post("/store/returns", body), "return");
    ids.set(id, "the return");
  });
  let swap = { id: "", cart_id: "" };
  await step("create a swap", async () => {
    const additional_items = [{ variant_id, quantity: 1 }];
    const body = { order_id: order.id, return_items: items, return_shipping_option };
    swap = await unwrap(shopper.post("/store/swaps", { ...body, additional_items }), "swap");
    ids.set(swap.id, "the swap").set(swap.cart_id, "the swap's cart");
  });
  const at = `/store/carts/${swap.cart_id}`;
  const chosen = { option_id: order.setup.optionId };
  await step("choose its shipping", () =>
    unwrap(shopper.post(`${at}/shipping-methods`, chosen), "cart"),
  );
  await step("complete it", () => unwrap(shopper.post(`${at}/complete`), "data"));
  const declined = await requestEdit(order.id);
  ids.set(declined.id, "the declined edit");
  await step("decline an order edit", () =>
    unwrap(
      shopper.post(`/store/order-edits/${declined.id}/decline`, { declined_reason: "No" }),
      "order_edit",
    ),
  );
  const edit = await requestEdit(order.id);
  const collection = edit.payment_collection_id as string;
  ids.set(edit.id, "the edit").set(collection, "the collection");
  const sessions = `/store/payment-collections/${collection}/sessions`;
  let session = "";
  await step("begin to pay an order edit", async () => {
    const answer = shopper.post(sessions, { provider_id: "manual" });
    session = (await unwrap(answer, "payment_collection")).payment_sessions[0].id;
  });
  await step("authorize its payment", () =>
    unwrap(shopper.post(`${sessions}/${session}/authorize`), "payment_session"),
  );
  await step("confirm it", () =>
    unwrap(shopper.post(`/store/order-edits/${edit.id}/complete`), "order_edit"),
  );
  return published;
}

describe("both servers", () => {
  it("publish the same events at each step after an order", async () => {
    const medusa = await walk("medusa", shop.medusa.openBrowser());
    const nettle = await walk("nettle", shop.nettle.openBrowser());
    expect(nettle).toEqual(medusa);
  });
});
