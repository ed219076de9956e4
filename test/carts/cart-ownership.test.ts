import { beforeAll, describe, expect, it } from "vitest";
import {
  aCustomer,
  aCustomerGroup,
  anAddress,
  aPriceList,
  aProduct,
  aRegion,
} from "../support/builders.ts";
import { type ApiClient, openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** Checks what guests and customers can do with another's cart, addresses and prices. */
describe("cart ownership", () => {
  const shop = openShop();
  let regionId: string;
  let variantId: string;
  let ada: ApiClient;
  let ben: ApiClient;
  let adasId: string;
  let adasAddress: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { countries: ["de", "fr"] })).id;
    variantId = (await aProduct(shop.knex)).variants[0]!.id;
    [ada, adasId] = await known("ada@example.com");
    [ben] = await known("ben@example.com");
    adasAddress = (await anAddress(shop.knex, { customer_id: adasId, first_name: "Ada" })).id;
    const group = await aCustomerGroup(shop.knex, { customers: [adasId] });
    const prices = [{ variant_id: variantId, amount: 700 }];
    await aPriceList(shop.knex, { customer_groups: [group.id], prices });
  });

  async function known(email: string): Promise<[ApiClient, string]> {
    const customer = await aCustomer(shop.knex, { email });
    const client = shop.openBrowser();
    expect((await client.post("/store/auth", { email, password: "correct-horse" })).status).toBe(
      200,
    );
    return [client, customer.id];
  }

  async function aCart(client: ApiClient = shop): Promise<string> {
    const items = [{ variant_id: variantId, quantity: 1 }];
    return (await client.post("/store/carts", { region_id: regionId, items })).body.cart.id;
  }

  it("publishes one customer.created event for a guest, whatever the number of carts", async () => {
    const customerCreatedEvents = () =>
      shop.knex("nettle_delivery").where({ name: "customer.created" });
    await customerCreatedEvents().delete();
    const [first, second] = [await aCart(), await aCart()];
    const { body } = await shop.post(`/store/carts/${first}`, { email: "Una@Example.com" });
    const { customer_id } = body.cart;
    const made = { id: customer_id, email: "una@example.com", has_account: false };
    expect((await customerCreatedEvents()).map(({ data }) => data)).toMatchObject([made]);
    expect((await customerCreatedEvents())[0].data).not.toHaveProperty("password_hash");
    for (const cart of [first, second])
      await shop.post(`/store/carts/${cart}`, { email: "una@example.com" });
    await ada.post(`/store/carts/${await aCart(ada)}`, { context: { from: "here" } });
    expect(await customerCreatedEvents()).toHaveLength(1);
  });

  it("answers 404 to a guest who names a registered customer", async () => {
    const cart = await aCart();
    expect(await shop.post(`/store/carts/${cart}`, { customer_id: adasId })).toBeRefused(404, {
      type: "not_found",
    });
    expect((await shop.get(`/store/carts/${cart}`)).body.cart.customer_id).toBeNull();
  });

  it("lets only its owner use an address of the address book", async () => {
    const cart = await aCart();
    for (const body of [{ shipping_address: adasAddress }, { billing_address: adasAddress }]) {
      expect(await shop.post(`/store/carts/${cart}`, body)).toBeRefused(404, { type: "not_found" });
      expect(await ben.post(`/store/carts/${cart}`, body)).toBeRefused(404, { type: "not_found" });
    }
  });

  it("leaves the address book unchanged when a cart's address changes", async () => {
    const cart = await aCart(ada);
    const attached = await ada.post(`/store/carts/${cart}`, { shipping_address: adasAddress });
    expect(attached.body.cart.shipping_address_id).toBe(adasAddress);
    const changed = await shop.post(`/store/carts/${cart}`, {
      shipping_address: { city: "Paris", country_code: "fr" },
    });
    expect(changed.body.cart.shipping_address).toMatchObject({
      city: "Paris",
      first_name: "Ada",
      customer_id: null,
    });
    expect(changed.body.cart.shipping_address_id).not.toBe(adasAddress);
    expect(await shop.knex("address").where({ id: adasAddress }).first()).toMatchObject({
      city: "Berlin",
    });
  });

  it("changes one address of a cart when both were the same row", async () => {
    const cart = await aCart(ada);
    await ada.post(`/store/carts/${cart}`, {
      shipping_address: adasAddress,
      billing_address: adasAddress,
    });
    const { body } = await ada.post(`/store/carts/${cart}`, { billing_address: { city: "Bonn" } });
    expect(body.cart.shipping_address.city).toBe("Berlin");
    expect(body.cart.billing_address.city).toBe("Bonn");
  });

  it("moves a guest's cart to the customer who reads it, at that customer's prices", async () => {
    const cart = await aCart();
    const { body } = await ada.get(`/store/carts/${cart}`);
    expect(body.cart).toMatchObject({
      customer_id: adasId,
      email: "ada@example.com",
      items: [{ unit_price: 700 }],
    });
  });

  it("stays when another customer reads or changes the cart", async () => {
    const cart = await aCart(ada);
    expect((await ben.get(`/store/carts/${cart}`)).body.cart.customer_id).toBe(adasId);
    const changed = await ben.post(`/store/carts/${cart}`, {
      context: { a: 1 },
      email: "ben@example.com",
    });
    expect(changed.body.cart).toMatchObject({ customer_id: adasId, email: "ada@example.com" });
  });

  it("lets only the customer expand their orders and addresses", async () => {
    const cart = await aCart(ada);
    for (const expand of [
      "customer.orders",
      "customer.shipping_addresses",
      "shipping_address.customer.orders",
      "items.cart.customer",
    ]) {
      expect(await shop.get(`/store/carts/${cart}?expand=${expand}`)).toBeRefused(400);
      expect(await ben.get(`/store/carts/${cart}?expand=${expand}`)).toBeRefused(400);
    }
    expect(
      (await ada.get(`/store/carts/${cart}?expand=customer.orders`)).body.cart.customer.orders,
    ).toEqual([]);
    const seen = (await shop.get(`/store/carts/${cart}?expand=customer`)).body.cart.customer;
    expect(seen.email).toBe("ada@example.com");
    expect(seen).not.toHaveProperty("password_hash");
  });

  it("does not let a guest change a completed cart or its e-mail", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}`, {
      email: "gro@example.com",
      shipping_address: { city: "Bonn" },
    });
    await shop.knex("cart").where({ id: cart }).update({ completed_at: new Date() });
    const before = (await shop.get(`/store/carts/${cart}`)).body;
    const refusals = [
      await shop.post(`/store/carts/${cart}`, { shipping_address: { city: "Rome" } }),
      await shop.post(`/store/carts/${cart}`, { region_id: regionId }),
      await shop.post(`/store/carts/${cart}`, { discounts: [] }),
      await shop.post(`/store/carts/${cart}/line-items`, { variant_id: variantId, quantity: 1 }),
      await shop.post(`/store/carts/${cart}/line-items/${before.cart.items[0].id}`, {
        quantity: 2,
      }),
      await shop.delete(`/store/carts/${cart}/line-items/${before.cart.items[0].id}`),
      await shop.delete(`/store/carts/${cart}/discounts/TEN`),
    ];
    for (const answer of refusals) expect(answer).toBeRefused(400, { type: "not_allowed" });
    await ada.get(`/store/carts/${cart}`);
    expect((await shop.get(`/store/carts/${cart}`)).body).toEqual(before);
    expect(
      (await shop.post(`/store/carts/${cart}`, { email: "new@example.com" })).body.cart.email,
    ).toBe("gro@example.com");
  });
});
