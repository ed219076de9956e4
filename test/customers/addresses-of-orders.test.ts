import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  anAddress,
  anOrder,
  aShippedOrder,
  aShopSetup,
  type ShopSetup,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aSwap, aSwapSetup, swapRequest } from "../swaps/a-swap.ts";

describe("an order that was placed with an entry of the address book", () => {
  const shop = openShop();
  let setup: ShopSetup;
  let customerId: string;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex, { region: { countries: ["de"] } });
    customerId = (await aCustomer(shop.knex)).id;
  });
  const book = "/store/customers/me/addresses";
  const headers = () => asCustomer(customerId);
  const entry = async () => (await anAddress(shop.knex, { customer_id: customerId })).id;
  const berlin = { shipping_address: { city: "Berlin", customer_id: null } };

  async function aCart(address: string): Promise<string> {
    const items = [{ variant_id: setup.variantId, quantity: 1 }];
    const body = { region_id: setup.regionId, items };
    const { id } = (await shop.post("/store/carts", body, headers())).body.cart;
    const addresses = { shipping_address: address, billing_address: address };
    await shop.post(`/store/carts/${id}`, addresses, headers());
    await shop.post(`/store/carts/${id}/payment-sessions`, {}, headers());
    return id;
  }
  async function place(cartId: string): Promise<string> {
    const { body } = await shop.post(`/store/carts/${cartId}/complete`, {}, headers());
    expect(body.type).toBe("order");
    return body.data.id;
  }
  const read = async (id: string) =>
    (await shop.get(`/store/orders/${id}?expand=shipping_address,billing_address`)).body.order;
  const addressRow = async (orderId: string) => {
    const order = await shop.knex("order").where({ id: orderId }).first();
    return shop.knex("address").where({ id: order.shipping_address_id }).first();
  };

  it("keeps it when the entry changes", async () => {
    const address = await entry();
    const id = await place(await aCart(address));
    await shop.post(`${book}/${address}`, { city: "Bonn" }, headers());
    expect(await read(id)).toMatchObject({ ...berlin, billing_address: { city: "Berlin" } });
  });

  it("keeps it when the entry is removed, for Medusa's admin too", async () => {
    const address = await entry();
    const id = await place(await aCart(address));
    expect((await shop.delete(`${book}/${address}`, headers())).status).toBe(200);
    expect(await read(id)).toMatchObject({ ...berlin, billing_address: { city: "Berlin" } });
    expect(await addressRow(id)).toMatchObject({ city: "Berlin", deleted_at: null });
  });

  it("has it although the entry was removed while the cart waited", async () => {
    const address = await entry();
    const cartId = await aCart(address);
    await shop.delete(`${book}/${address}`, headers());
    const id = await place(cartId);
    expect(await read(id)).toMatchObject({ ...berlin, billing_address: { city: "Berlin" } });
    expect(await addressRow(id)).toMatchObject({ city: "Berlin", deleted_at: null });
  });

  it("keeps it although another program placed it, or removed the entry", async () => {
    const address = await entry();
    const { id } = await anOrder(shop.knex, { customer_id: customerId });
    await shop.knex("order").where({ id }).update({ shipping_address_id: address });
    await shop.delete(`${book}/${address}`, headers());
    expect(await read(id)).toMatchObject(berlin);
    expect(await addressRow(id)).toMatchObject({ deleted_at: null });
    await shop.knex("address").where({ city: "Berlin" }).update({ deleted_at: new Date() });
    expect(await read(id)).toMatchObject(berlin);
  });

  it("keeps it in a swap, too", async () => {
    const swapSetup = await aSwapSetup(shop.knex, { region: { countries: ["de"], tax_rate: 0 } });
    const order = await aShippedOrder(shop.knex, {
      region_id: swapSetup.regionId,
      customer_id: customerId,
    });
    const { cartId, id } = await aSwap(shop, swapRequest(order, swapSetup));
    const address = await entry();
    await shop.post(`/store/carts/${cartId}`, { shipping_address: address }, headers());
    const { body } = await shop.post(`/store/carts/${cartId}/complete`, {}, headers());
    expect(body.type).toBe("swap");
    await shop.delete(`${book}/${address}`, headers());
    const swap = await shop.knex("swap").where({ id }).first();
    const kept = await shop.knex("address").where({ id: swap.shipping_address_id }).first();
    expect(kept).toMatchObject({ city: "Berlin", deleted_at: null, customer_id: null });
  });
});
